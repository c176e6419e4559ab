import Lab
import Testing

/// The volume is made, and Elasticsearch does not come up: status 1, its last words, a whole volume.
@Suite(.serialized, .machine(Machine.Disk(serial: "vol1", bytes: 512 << 20)))
struct FailingServiceTests {
  @Test func aServiceThatCannotBeStartedIsAFailureWithItsLastWords() throws {
    try expectFailure(
      of: "start", "could not start 'elasticsearch.service'",
      when: "ExecStartPre=/bin/sh -c 'echo these are the last words; exit 1'")
  }

  @Test func aServiceThatEndsAtOnceIsAFailureWithItsLastWords() throws {
    try expectFailure(
      of: "verify", "stopped before its node state appeared",
      when: "ExecStart=", "ExecStart=/bin/sh -c 'echo these are the last words; exit 1'")
  }

  @Test func aNodeStateThatDoesNotAppearInTimeIsAFailureWithTheLastWords() throws {
    try expectFailure(
      of: "verify", "no new node state appeared in '/mnt/es/elasticsearch' within 3 s",
      when: "ExecStart=",
      "ExecStart=/bin/sh -c 'echo these are the last words; exec sleep infinity'")
  }

  @Test func failedBootstrapChecksAreNamedInElasticsearchsOwnWords() throws {
    let check =
      "bootstrap check failure [1] of [1]: max virtual memory areas vm.max_map_count [65530] is too low"
    let machine = try SharedMachine.machine
    try machine.override([
      "Restart=on-failure", "RestartSec=1", "ExecStart=",
      "ExecStart=/bin/sh -c 'echo \"ERROR: [1] bootstrap checks failed.\"; echo \"\(check)\"; echo more; exit 78'",
    ])
    let run = try machine.provision("vol1 --generate-key --timeout 20")
    try machine.bash("systemctl stop elasticsearch")
    try machine.override([])
    #expect(run.output.status == 1 && run.failed?.id == "verify", "\(run.output)")
    let text = run.failed?.error?.description ?? ""
    #expect(
      text.contains("Elasticsearch's bootstrap checks failed (status 78)\n\(check)"), "\(text)")
    #expect(
      !text.contains("more")
        && run.failed?.error?.advice.contains("Mend what the checks name") == true)
  }

  @Test func aNodeThatKeepsItsDataElsewhereIsNotBelieved() throws {
    let machine = try SharedMachine.machine
    // It has the volume's node state, holds it open, and says something else.
    let script = """
      import http.server, os
      folder = "/mnt/es/elasticsearch/nodes/0/_state"
      os.makedirs(folder, exist_ok=True)
      state = bytes.fromhex("3fd76c1705737461746500000001000000013a290a05fa866e6f64655f6964555f63526977323837535279453743686b596e57497777fbc02893e800000000000000006e57a651")
      number = len(os.listdir(folder))
      open(f"{folder}/node-{number}.st", "wb").write(state)
      held = open(f"{folder}/node-{number}.st")
      answer = b'{"nodes":{"_cRiw287SRyE7ChkYnWIww":{"fs":{"data":[{"path":"/mnt/es/elasticsearch/nodes/0","mount":"/ (/dev/vda)"}]}}}}'
      class Node(http.server.BaseHTTPRequestHandler):
          def do_GET(self):
              self.send_response(int(os.environ["STATUS"]))
              self.send_header("Content-Length", str(len(answer)))
              self.end_headers()
              self.wfile.write(answer)
      http.server.HTTPServer(("127.0.0.1", 9200), Node).serve_forever()
      """
    try machine.bash("cat >/usr/local/lib/node.py", input: script)
    func provision(_ status: Int) throws -> Provisioning {
      try machine.override([
        "Environment=STATUS=\(status)", "ExecStart=",
        "ExecStart=/usr/bin/python3 /usr/local/lib/node.py",
      ])
      let run = try machine.provision("vol1 --generate-key --timeout 60")
      try machine.bash("systemctl stop elasticsearch")
      return run
    }
    let lying = try provision(200)
    #expect(lying.output.status == 1 && lying.failed?.id == "verify", "\(lying.output)")
    #expect(
      lying.failed?.error?.description.contains(
        "the node says that '/mnt/es/elasticsearch' is on '/dev/vda', not on the volume") == true)
    #expect(try machine.run("grep node: /etc/esvault/esvault.yml").status == 1)
    // A node that tells strangers nothing is believed by its state.
    let reserved = try provision(401)
    reserved.expectDone()
    #expect(reserved.output.stderr.contains("it answers status 401"), "\(reserved.output.stderr)")

    try machine.bash("rm -r /mnt/es/elasticsearch/nodes; sed -i /node:/d /etc/esvault/esvault.yml")
    try machine.override([])
  }

  @Test func onceTheServiceIsMendedARerunFinishesTheJob() throws {
    let machine = try SharedMachine.machine
    // An option that Java does not know: what an operator may get wrong.
    try machine.bash(
      "cp -p /etc/elasticsearch/jvm.options /root/; echo -XX:NoSuchOption=1 >>/etc/elasticsearch/jvm.options"
    )
    let first = try machine.provision("vol1 --generate-key")
    #expect(first.output.status == 1 && first.failed?.id == "verify")
    #expect(first.failed?.error?.description.contains("NoSuchOption") == true, "\(first.output)")
    try machine.bash("sed -i /NoSuchOption/d /etc/elasticsearch/jvm.options")

    let second = try machine.provision()
    second.expectDone()
    #expect(second.steps == ["start", "verify"])
    try Node(machine: machine).waitUntilGreen()
    try machine.bash("systemctl stop elasticsearch")
  }

  private func expectFailure(
    of step: String, _ reason: String, when lines: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let machine = try SharedMachine.machine
    try machine.override(lines)
    let run = try machine.provision("vol1 --generate-key --timeout 3")
    try machine.bash("systemctl stop elasticsearch")
    try machine.override([])

    #expect(run.output.status == 1, "\(run.output)", sourceLocation: sourceLocation)
    #expect(run.failed?.id == step, sourceLocation: sourceLocation)
    let error = run.failed?.error
    #expect(
      error?.description.contains(reason) == true, "\(run.output)", sourceLocation: sourceLocation)
    for text in [error?.description ?? "", run.output.stderr] {
      #expect(text.contains("these are the last words"), "\(text)", sourceLocation: sourceLocation)
    }
    #expect(
      error?.advice.contains("journalctl -u elasticsearch.service") == true,
      sourceLocation: sourceLocation)
    let mount = try machine.bash("findmnt -rno SOURCE,FSTYPE /mnt/es")
    #expect(mount == "/dev/mapper/esvol ext4", sourceLocation: sourceLocation)
    let header = try machine.bash(
      "cryptsetup luksDump --dump-json-metadata \(machine.link("vol1"))")
    #expect(header.contains("\"ready\""), sourceLocation: sourceLocation)
  }
}
