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
