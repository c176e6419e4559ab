import Lab
import Testing

/// What systemd makes of the units: it holds Elasticsearch back without the volume, and stops it when
/// that goes away. For the order at a reboot see ``RebootTests``.
@Suite(.serialized, .finishedNode) struct BootUnitsTests {
  private var machine: Machine { get throws { try FinishedNode.shared.machine } }
  private var node: Node { get throws { try FinishedNode.shared.node } }

  @Test func systemdFindsNoFaultInTheUnits() throws {
    try machine.expectFaultlessUnits("mnt-es.mount")
  }

  @Test func aServiceWhoseVolumeIsNotOpenDoesNotStartAndSaysWhyInOneLine() throws {
    let machine = try machine
    try machine.bash("esvault lock")
    #expect(try machine.bash("ls /dev/mapper") == "control")
    #expect(try machine.run("systemctl start elasticsearch").status != 0)
    let status = try machine.run("systemctl status elasticsearch --no-pager --full").stdout
    let reasons = status.split(separator: "\n").filter { $0.contains("esvault[") }
    #expect(reasons.count == 1, "\(status)")
    #expect(reasons.first?.contains("volume 'esvol' is not open") == true, "\(status)")
    #expect(reasons.first?.contains("esvault unlock") == true, "\(status)")
  }

  @Test func nothingIsWrittenBesideTheVolumeWhoeverStartsElasticsearch() throws {
    let machine = try machine
    try machine.bash("esvault lock")
    let program = "/usr/share/elasticsearch/bin/elasticsearch"
    for start in [
      "\(program)", "setpriv --reuid elasticsearch --regid elasticsearch --clear-groups \(program)",
    ] {
      #expect(try machine.run("timeout 120 \(start)").status != 0)
    }
    // Not even root can, and the node's old place is not used again.
    #expect(try machine.run("mkdir -p /mnt/es/elasticsearch/nodes").status != 0)
    #expect(try machine.bash("ls -A /mnt/es; find /var/lib/elasticsearch -type f") == "")
  }

  @Test func whoeverUnlocksByHandGetsElasticsearchBack() throws {
    try machine.bash("esvault lock; esvault unlock")
    try node.waitUntilGreen()
    #expect(try node.hits("secret") == 3)
    #expect(try machine.bash("systemctl is-active mnt-es.mount elasticsearch") == "active\nactive")
  }

  @Test func withoutUdevTheVolumeIsOpenedAllTheSame() throws {
    let machine = try machine
    try machine.bash("esvault lock")
    // With its sockets, which would start it again.
    let udev = "systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-udevd.service"
    try machine.bash("systemctl stop \(udev)")
    defer { _ = try? machine.run("systemctl start \(udev); udevadm trigger --settle") }
    let unlocked = try machine.run("timeout 120 esvault unlock")
    #expect(unlocked.status == 0, "\(unlocked)")
    #expect(try machine.run("systemctl is-active systemd-udevd").stdout == "inactive\n")
    #expect(try machine.bash("findmnt -rno SOURCE /mnt/es") == "/dev/mapper/esvol")
    try node.waitUntilGreen()
    #expect(try node.hits("secret") == 3)
  }

  @Test func aMountThatGoesAwayStopsElasticsearch() throws {
    try runningNode()
    try machine.bash("umount --lazy /mnt/es")
    try expectStopped()
    try runningNode()
    #expect(try node.hits("secret") == 3)
  }

  @Test func aRestartOfTheUnlockingRestartsElasticsearchAroundIt() throws {
    try runningNode()
    let machine = try machine
    let before = try machine.bash("systemctl show -P InvocationID elasticsearch")
    try machine.bash("systemctl restart esvault-unlock")
    try node.waitUntilGreen()
    #expect(try machine.bash("systemctl show -P InvocationID elasticsearch") != before)
    #expect(try node.hits("secret") == 3)
    try machine.bash("systemctl stop esvault-unlock")
    #expect(try machine.bash("ls /dev/mapper") == "control")
    try expectStopped()
  }

  @Test func aDiskThatIsPulledOutStopsElasticsearch() throws {
    try runningNode()
    try machine.detach("vol1")
    try expectStopped()
    try machine.bash(
      "for i in $(seq 100); do systemctl is-active -q mnt-es.mount || break; sleep 0.1; done")
    #expect(try machine.run("systemctl is-active mnt-es.mount").stdout == "inactive\n")
    #expect(try machine.bash("ls -A /mnt/es") == "")
  }

  /// As an operator gets it back, whatever the test before has left.
  private func runningNode() throws {
    try machine.bash("esvault unlock; systemctl start elasticsearch")
    try node.waitUntilGreen()
  }

  private func expectStopped(sourceLocation: SourceLocation = #_sourceLocation) throws {
    // It is "deactivating" for as long as the node takes to close.
    let state = try machine.bash(
      """
      for i in $(seq 600); do
        state=$(systemctl is-active elasticsearch || true)
        [[ $state == inactive ]] && break
        sleep 0.1
      done
      echo $state
      """)
    #expect(state == "inactive", sourceLocation: sourceLocation)
  }
}

/// Paths that systemd would read otherwise than they are meant, unless they are escaped.
@Suite(.serialized, .machine(Machine.Disk(serial: "vol1", bytes: 512 << 20)))
struct UnitNamesTests {
  @Test func aProgramAndAMountPointWithStrangeNamesAreUnderstoodBySystemd() throws {
    let machine = try SharedMachine.machine
    let mount = "/srv/100% es-a"
    try machine.bash(
      """
      mkdir -p '/opt/a b; 50%s $x'
      cp /usr/local/bin/esvault '/opt/a b; 50%s $x/'
      '/opt/a b; 50%s $x/esvault' provision vol1 --generate-key --yes --no-start \
        --mount '\(mount)' --keep-diagnostics
      """)
    let unit = try machine.bash("systemd-escape --path --suffix=mount '\(mount)'")
    try machine.expectFaultlessUnits(unit)
    #expect(
      try machine.bash("systemctl show -P FragmentPath,ActiveState '\(unit)'").sortedLines
        == "/etc/systemd/system/\(unit)\nactive".sortedLines)
    try machine.bash("systemctl start elasticsearch")
    try Node(machine: machine).waitUntilGreen()
    try machine.bash("systemctl stop esvault-unlock")
    #expect(try machine.bash("ls /dev/mapper") == "control")
  }
}

extension Machine {
  /// The lab's machines have no manual pages, of which systemd-analyze would complain.
  fileprivate func expectFaultlessUnits(
    _ mount: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let faults = try bash(
      "systemd-analyze verify --man=no esvault-unlock.service '\(mount)' elasticsearch.service 2>&1"
    )
    #expect(faults == "", sourceLocation: sourceLocation)
  }
}
