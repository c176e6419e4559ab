import Lab
import Testing

/// Refusals that need a real systemd, a real node or real users: status 2, and nothing is changed.
@Suite(.serialized, .machine(Machine.Disk(serial: "vol1", bytes: 256 << 20)))
struct RefusalTests {
  @Test func aRunningElasticsearchIsNotGivenAVolume() throws {
    let machine = try SharedMachine.machine
    // It never writes a node state: that it runs is enough.
    try machine.override(["ExecStart=", "ExecStart=/bin/sleep infinity"])
    try machine.bash("systemctl start elasticsearch")
    try expectRefusal("'elasticsearch.service' is running")
    try machine.bash("systemctl stop elasticsearch")
    try machine.override()
  }

  @Test func aNodeWithDataIsNotGivenAnEmptyVolume() throws {
    let machine = try SharedMachine.machine
    try machine.bash("systemctl start elasticsearch")
    try Node(machine: machine).waitUntilGreen()
    try machine.bash("systemctl stop elasticsearch")
    try expectRefusal("Elasticsearch already has data in '/var/lib/elasticsearch'")
    try machine.bash("rm -rf /var/lib/elasticsearch/nodes")
  }

  @Test func aUnitThatDoesNotExistIsRefused() throws {
    try expectRefusal("there is no systemd unit 'nosuch.service'", "--service nosuch.service")
  }

  @Test func withoutElasticsearchsUserThereIsNoVolume() throws {
    let machine = try SharedMachine.machine
    try machine.bash("sed -i.kept s/^elasticsearch:/renamed:/ /etc/passwd")
    try expectRefusal("there is no user 'elasticsearch'")
    try machine.bash("mv /etc/passwd.kept /etc/passwd")
  }

  @Test func withoutElasticsearchThereIsNoVolume() throws {
    try expectRefusal("Elasticsearch is not installed", "--es-config /nonexistent")
  }

  @Test func whatWouldOverruleOurSettingsIsNamed() throws {
    let machine = try SharedMachine.machine
    let file = "/etc/systemd/system/elasticsearch.service.d/test.conf"
    let program = "ExecStart=/usr/share/elasticsearch/bin/elasticsearch"
    for (lines, reason) in [
      (["ExecStart=", "\(program) -Epath.data=/srv"], "'-Epath.data=/srv' in '\(file):3'"),
      (["Environment=\"ES_JAVA_OPTS=-Da=b -Xmx1g\""], "'-Xmx1g' in 'ES_JAVA_OPTS in \(file):2'"),
      (["LimitCORE=infinity"], "'LimitCORE=infinity' in '\(file):2'"),
    ] {
      try machine.override(lines)
      try expectRefusal(reason)
    }
    try machine.override(["Environment=ES_TMPDIR=/var/tmp"])
    try expectRefusal("'ES_TMPDIR=/var/tmp' in '\(file):2'", "--confine")
    try machine.override()
    let packaged = "/etc/default/elasticsearch"
    try machine.bash("sed -i.kept '$a ES_JAVA_OPTS=\"-Xms1g -Xmx1g\"' \(packaged)")
    try expectRefusal("'-Xms1g' in 'ES_JAVA_OPTS in \(packaged):")
    try machine.bash("mv \(packaged).kept \(packaged)")
  }

  @Test func theHeapIsHalfOfWhatTheServiceMayHave() throws {
    let machine = try SharedMachine.machine
    try machine.override(["MemoryMax=600M"])
    let plan = try machine.bash("esvault provision vol1 --generate-key --dry-run")
    try machine.override()
    #expect(plan.contains("set Elasticsearch's heap to 240 MiB"), "\(plan)")
  }

  @Test func aLineThatElasticsearchWouldNotAcceptIsNamed() throws {
    let machine = try SharedMachine.machine
    let file = "/etc/elasticsearch/jvm.options"
    try machine.bash("cp -a \(file) /root/; sed -i '1i \\ -Xmx1g' \(file)")
    try expectRefusal("it would not accept '\(file):1'", "--heap keep --keep-diagnostics")
    try machine.bash("mv /root/jvm.options \(file)")
  }

  @Test func twoAtATimeAreOneTooMany() throws {
    let machine = try SharedMachine.machine
    try machine.bash(
      """
      flock /run/esvault.lock sleep 600 </dev/null >/dev/null 2>&1 &
      echo $! >/run/holder
      until ! flock --nonblock /run/esvault.lock true; do sleep 0.05; done
      """)
    try expectRefusal("another esvault is at work")
    try machine.bash("pkill --parent $(cat /run/holder)")
  }

  @Test func onlyRootMakesAVolume() throws {
    try expectRefusal("only root can make a volume", as: "runuser -u elasticsearch -- ")
  }

  /// Expects a refusal after which neither disk nor files are other than before.
  private func expectRefusal(
    _ reason: String, _ words: String = "", as user: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let machine = try SharedMachine.machine
    // The kernel counts the writes of each disk.
    let state = """
      awk '{ print $5, $7, $12, $14 }' /sys/block/nvme0n1/stat
      find /etc/elasticsearch -type f -exec sha256sum {} + | sort
      ls -d /etc/esvault /var/lib/esvault /mnt/es /dev/mapper/* 2>&1 || true
      """
    let before = try machine.bash(state)
    let run = try machine.run(
      "\(user)esvault provision vol1 --generate-key --format json \(words)")
    Provisioning(run).expectRefusal(reason, sourceLocation: sourceLocation)
    #expect(try machine.bash(state) == before, sourceLocation: sourceLocation)
  }
}

extension Machine {
  /// Replaces settings in the [Service] section of Elasticsearch's unit; without any, it is as packaged.
  func override(_ lines: [String] = []) throws {
    let folder = "/etc/systemd/system/elasticsearch.service.d"
    try bash("rm -rf \(folder)")
    if !lines.isEmpty {
      try bash(
        "mkdir \(folder); cat >\(folder)/test.conf",
        input: "[Service]\n" + lines.joined(separator: "\n") + "\n")
    }
    try bash("systemctl daemon-reload; systemctl reset-failed elasticsearch || true")
  }
}
