import Lab
import Testing

/// What becomes of the finished node when the machine starts anew.
extension NodeTests {
  @Test func afterARebootNothingIsWrittenBesideTheVolumeAndTheSameCommandOpensIt() throws {
    let finished = try FinishedNode.shared
    let machine = finished.machine
    try machine.reboot()
    #expect(try machine.bash("ls /dev/mapper") == "control")
    #expect(try machine.run("systemctl is-active elasticsearch").stdout == "inactive\n")

    // Started by hand, it has nowhere to write.
    try machine.bash(
      """
      systemctl start elasticsearch
      for i in $(seq 600); do
        [[ $(systemctl is-active elasticsearch) == active ]] || break
        sleep 0.1
      done
      """)
    #expect(try machine.run("systemctl is-active elasticsearch").stdout == "failed\n")
    #expect(try machine.bash("ls -A /mnt/es; find /var/lib/elasticsearch -type f") == "")
    #expect(try machine.run("touch /mnt/es/anything").status != 0)

    let again = try machine.provision()
    again.expectDone()
    #expect(again.steps == ["open", "mount", "directory", "start", "verify"])
    try expectSameNode(again)
  }

  @Test func underAnotherKernelNameTheRightDiskIsOpened() throws {
    let machine = try FinishedNode.shared.machine
    let name = try machine.bash("realpath \(machine.link("vol1"))")
    try machine.bash("systemctl stop elasticsearch; umount /mnt/es; cryptsetup close esvol")
    try machine.detach("vol1")
    // The lowest free number goes to the disk that comes first.
    try machine.attach(Machine.Disk(serial: "blank1", bytes: 256 << 20))
    try machine.attach(
      Machine.Disk(serial: "vol1", file: FinishedNode.shared.disk.path, bytes: nil))
    #expect(try machine.bash("realpath \(machine.link("blank1"))") == name)

    let again = try machine.provision()
    again.expectDone()
    let disk = try machine.bash("realpath \(machine.link("vol1"))")
    #expect(disk != name)
    #expect(try machine.bash("lsblk -rno NAME \(disk)").contains("esvol"))
    try expectSameNode(again)
    #expect(
      try machine.bash("awk '{ print $5, $7 }' /sys/block/\(name.dropFirst(5))/stat") == "0 0")

    // The finished volume does not hide that a blank disk waits for a word.
    try machine.provision().expectRefusal("the blank disk '\(name)' belongs to no volume")
    try machine.provision("--name esvol").expectDone()
    try machine.detach("blank1")
  }

  private func expectSameNode(
    _ again: Provisioning, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let finished = try FinishedNode.shared
    try finished.node.waitUntilGreen()
    #expect(again.nodeID == finished.made.nodeID, sourceLocation: sourceLocation)
    #expect(try finished.node.id() == finished.made.nodeID, sourceLocation: sourceLocation)
    #expect(try finished.node.hits("secret") == 3, sourceLocation: sourceLocation)
  }
}
