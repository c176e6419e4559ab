import Testing

@testable import BlockDevices

struct BeneathTests {
  let tree: FixtureTree

  /// dm-1 (crypt) on dm-0 (LVM) on md0 over sda1 and sdb; loop0 in a file on sda1.
  init() throws {
    tree = try FixtureTree()
    try tree.add("sda", "8:0")
    try tree.add("sda/sda1", "8:1", ["partition": "1"])
    try tree.add("sdb", "8:16")
    try tree.add("md0", "9:0")
    try tree.stack("md0", on: "sda/sda1")
    try tree.stack("md0", on: "sdb")
    try tree.add("dm-0", "253:0")
    try tree.stack("dm-0", on: "md0")
    try tree.add("dm-1", "253:1")
    try tree.stack("dm-1", on: "dm-0")
    try tree.add("loop0", "7:0", ["loop/backing_file": "/data/a.img"])
    try tree.add("loop1", "7:1", ["loop/backing_file": "/tmp/a.img"])
    try tree.add("loop2", "7:2", ["loop/backing_file": "/gone/a.img (deleted)"])
  }

  @Test(arguments: [
    ("8:0", ["sda"]), ("8:1", ["sda", "sda1"]), ("9:0", ["md0", "sda", "sda1", "sdb"]),
    ("253:1", ["dm-0", "dm-1", "md0", "sda", "sda1", "sdb"]), ("7:0", ["loop0", "sda", "sda1"]),
    ("7:1", ["loop1"]),
  ]) func theWayDownNamesEverything(number: String, names: [String]) throws {
    #expect(try beneath(number).sorted() == names)
  }

  @Test func beneathAMappingWhoseDiskWasPulledOutIsNothing() throws {
    try tree.add("dm-3", "253:3")
    try tree.link("sys/devices/dm-3/slaves/nvme9n1", to: "sys/devices/nvme9n1")
    #expect(try beneath("253:3") == ["dm-3"])
  }

  @Test func aLoopFileOutOfSightIsAnError() {
    #expect(
      throws: BlockDeviceError.failed(
        verb: "find the disk beneath", object: "/gone/a.img (deleted)", errno: 2)
    ) { try beneath("7:2") }
  }

  @Test func aFilesystemWithANumberOfItsOwnIsFoundByItsSource() throws {
    let mount = "25 1 0:30 / / rw - btrfs \(tree.root)/dev/sda1 rw"
    #expect(try beneath("0:30", mount) == ["sda", "sda1"])
  }

  @Test func aFilesystemWithoutADeviceHasNoDiskBeneath() {
    #expect(throws: BlockDeviceError.noSuchDevice("0:31")) {
      try beneath("0:31", "25 1 0:31 / / rw - overlay overlay rw")
    }
  }

  private func beneath(_ number: String, _ mountinfo: String = "") throws -> Set<String> {
    try tree.devices.wholeDisks(
      beneath: try #require(DeviceNumber(number)), mounts: try MountTable.parse(mountinfo))
  }
}
