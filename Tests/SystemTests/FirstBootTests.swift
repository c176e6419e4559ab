import Lab
import Testing

/// A new instance with the example as its user data becomes an encrypted node, whenever its plug is
/// pulled. The tests go on from one another: each boots what the one before has left.
@Suite(.serialized, .firstBoot) struct FirstBootTests {
  private var first: FirstBoot { get throws { try FirstBoot.shared } }
  private var machine: Machine { get throws { try first.machine } }

  @Test func withoutItsPackageAnInstanceBootsSaysWhyAndTriesAgain() throws {
    let machine = try machine
    try machine.resume()
    try machine.wait(until: "! systemctl list-jobs --no-legend | grep -v esvault-install")
    try machine.bash("systemctl is-active --quiet multi-user.target cloud-final.service")
    try machine.wait(until: "journalctl -u esvault-install | grep -q 'Scheduled restart job'")
    let said = try machine.journal("esvault-install")
    #expect(said.contains("http://127.0.0.1:8000/esvault.deb"), "\(said)")
    #expect(said.contains("Failed to start esvault-install.service - Install esvault"), "\(said)")
    // Cloud-init finds no fault in the example, and an enabled Elasticsearch waits for its volume.
    let warnings = try machine.run("grep -E 'WARN.*(schema|bootcmd)' /var/log/cloud-init.log")
    #expect(warnings.stdout == "")
    try expectNothingOutsideOfTheVolume()

    try machine.bash("systemctl enable -q packages; sync; systemctl start packages")
    try cutOff(at: "unpacking")
    #expect(
      try machine.bash("dpkg-query -W -f '${db:Status-Status}' esvault") == "half-installed")
    try machine.kill()
  }

  /// And, in the same boot, the disk that comes late is formatted; the plug is pulled in the middle of it.
  @Test func aPackageThatIsHalfInstalledIsInstalledAtTheNextBootAndTheDiskIsWaitedFor() throws {
    let machine = try machine
    try machine.resume()
    try machine.wait(
      until: "journalctl -b -u esvault-provision | grep -q 'waiting up to 300 s: '")
    #expect(try machine.bash("dpkg-query -W -f '${db:Status-Status}' esvault") == "installed")
    #expect(try machine.bash("dpkg --verify esvault; dpkg --audit") == "")

    try machine.attach(try first.volume)
    try cutOff(at: "format")
    #expect(
      try machine.bash("ls /dev/mapper; ls /var/lib/esvault/*.intent | wc -l") == "control\n1")
    try machine.kill()
  }

  @Test(arguments: ["filesystem", "starting"])
  func itIsCutOffFurtherOn(stage: String) throws {
    let machine = try machine
    try machine.resume()
    try cutOff(at: stage)
    #expect(try machine.bash("ls /dev/mapper") == "control\nesvol")
    #expect(try machine.run("systemctl is-active elasticsearch").stdout == "inactive\n")
    try expectNothingOutsideOfTheVolume()
    try machine.kill()
  }

  @Test func inTheEndItIsAGreenEncryptedNodeAndTheNextBootChangesNothing() throws {
    let (machine, node) = (try machine, try first.node)
    try machine.resume()
    try node.waitUntilGreen()
    try machine.waitUntilBooted()
    #expect(try machine.bash("findmnt -rno SOURCE /mnt/es") == "/dev/mapper/esvol")
    try machine.bash("esvault audit --check data-path --check open-files")
    try expectNothingOutsideOfTheVolume()
    let id = try node.id()
    try node.index(["kept"])
    try machine.bash("sync")
    let before = try machine.bash(Self.everything)

    try machine.reboot()
    try node.waitUntilGreen()
    try machine.waitUntilBooted()
    try machine.expectOpenAndClean()
    #expect(try node.id() == id)
    #expect(try node.hits("kept") == 1)
    #expect(try machine.bash(Self.everything) == before)
    #expect(try machine.bash("systemctl show -P Result esvault-provision") == "success")
    #expect(try machine.bash("systemctl show -P ConditionResult esvault-install") == "no")

    // A volume that was taken out of use stays so.
    let configuration = try machine.bash(
      """
      mv /etc/esvault/esvault.yml /root/
      cloud-init single --name bootcmd --frequency always >&2
      ls /etc/esvault
      """)
    #expect(configuration == "keys")
  }

  /// Header, configuration, key, units and installed files.
  private static let everything = """
    head -c 16777216 $(blkid -t TYPE=crypto_LUKS -o device) | sha256sum
    find /etc/esvault /etc/systemd/system /etc/elasticsearch /usr/sbin/esvault -type f \
      -exec sha256sum {} + | sort
    """

  /// Waits until the work is held in the middle of a stage.
  private func cutOff(at stage: String) throws {
    try machine.wait(until: "test -e /run/held")
    #expect(try machine.bash("cat /run/held") == stage)
  }

  private func expectNothingOutsideOfTheVolume(
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let found = try machine.bash("find /var/lib/elasticsearch -type f")
    #expect(found == "", sourceLocation: sourceLocation)
  }
}

extension Machine {
  /// Asks again until a command succeeds, at most 400 s.
  fileprivate func wait(until condition: String) throws {
    let waited = try run(
      "for i in $(seq 400); do if \(condition); then exit 0; fi; sleep 1; done; exit 1")
    guard waited.status == 0 else {
      throw Failure("this did not become true: \(condition)\n\(try console())")
    }
  }

  /// What a unit said in this boot.
  fileprivate func journal(_ unit: String) throws -> String {
    try bash("journalctl -b -u \(unit) -o cat --no-pager")
  }
}
