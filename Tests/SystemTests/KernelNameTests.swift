import Lab
import Testing

/// What becomes of the finished node when its disk comes back under another name.
extension NodeTests {
  /// A blank disk has taken the name that it had.
  @Test func theSameCommandOpensTheVolumeOnItsDiskWhateverThatIsCalled() throws {
    let machine = try FinishedNode.shared.machine
    let name = try machine.bash("realpath \(machine.link("vol1"))")
    try machine.bash("esvault lock")
    #expect(try machine.bash("ls /dev/mapper") == "control")
    try giveItsNameToABlankDisk(name)

    let again = try machine.provision()
    again.expectDone()
    #expect(again.steps == ["open", "mount", "directory", "start", "verify"])
    let disk = try machine.bash("realpath \(machine.link("vol1"))")
    #expect(disk != name)
    #expect(try machine.bash("lsblk -rno NAME \(disk)").contains("esvol"))
    try expectSameNode(again)

    // The finished volume does not hide that a blank disk waits for a word.
    try machine.provision().expectRefusal("the blank disk '\(name)' belongs to no volume")
    try machine.provision("--name esvol").expectDone()
    let writes = "awk '{ print $5, $7 }' /sys/block/$(basename \(name))/stat"
    #expect(try machine.bash(writes) == "0 0")
    try machine.detach("blank1")
  }

  private func giveItsNameToABlankDisk(_ name: String) throws {
    let finished = try FinishedNode.shared
    let machine = finished.machine
    // The kernel numbers the disks of a boot as it finds them; of later ones, lowest number first.
    try machine.detach("vol1")
    try machine.attach(Machine.Disk(serial: "blank1", bytes: 256 << 20))
    try machine.attach(Machine.Disk(serial: "vol1", file: finished.disk.path, bytes: nil))
    try #require(try machine.bash("realpath \(machine.link("blank1"))") == name)
  }

  private func expectSameNode(_ again: Provisioning) throws {
    let finished = try FinishedNode.shared
    try finished.node.waitUntilGreen()
    #expect(again.nodeID == finished.made.nodeID)
    #expect(try finished.node.id() == finished.made.nodeID)
    #expect(try finished.node.hits("secret") == 3)
  }
}
