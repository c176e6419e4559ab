import Testing

@testable import BlockDevices

@Suite struct StackedDiskTests {
  let tree: FixtureTree
  init() throws { tree = try FixtureTree() }

  private func addVolume(suspended: String = "0\n") throws {
    try tree.add("nvme1n1", "259:3", ["device/serial": "vol1\n"])
    try tree.add("dm-0", "253:0", ["dm/name": "other\n", "dm/uuid": "LVM-x\n"])
    try tree.add(
      "dm-1", "253:1",
      ["dm/name": "esvol\n", "dm/uuid": "CRYPT-LUKS2-x-esvol\n", "dm/suspended": suspended])
  }

  @Test func aMappingIsFoundByItsNameWithWhatIsBeneath() throws {
    try addVolume()
    try tree.stack("dm-1", on: "nvme1n1")
    try tree.link("dev/disk/by-id/nvme-vol1", to: "dev/nvme1n1")
    let found = try #require(tree.devices.mapping(named: "esvol"))
    #expect(found.disk.kind == .mapping(name: "esvol", uuid: "CRYPT-LUKS2-x-esvol"))
    #expect(found.disk.number == DeviceNumber(major: 253, minor: 1))
    #expect(found.beneath.map(\.serial) == ["vol1"])
    #expect(found.beneath.map(\.path) == ["\(tree.root)/dev/nvme1n1"])
    #expect(found.beneath.map(\.links) == [["nvme-vol1"]])
    #expect(!found.isSuspended)
    #expect(tree.devices.mapping(named: "esvo") == nil)
  }

  @Test func aDiskThatWasPulledOutIsNotBeneath() throws {
    try addVolume()
    #expect(tree.devices.mapping(named: "esvol")?.beneath == [])
    try tree.link("sys/devices/dm-1/slaves/nvme9n1", to: "sys/devices/nvme9n1")
    #expect(tree.devices.mapping(named: "esvol")?.beneath == [])
  }

  @Test func aSuspendedMappingIsKnown() throws {
    try addVolume(suspended: "1\n")
    #expect(tree.devices.mapping(named: "esvol")?.isSuspended == true)
  }
}
