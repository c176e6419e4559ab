import Testing

@testable import BlockDevices

struct BlockDevicesTests {
  let tree: FixtureTree
  init() throws { tree = try FixtureTree() }

  @Test func anNVMeDiskIsDescribed() throws {
    try tree.add(
      "nvme1n1", "259:3",
      [
        "device/serial": "vol0123456789abcdef0 \n",
        "device/model": "Amazon Elastic Block Store              \n", "wwid": "nvme.1d0f\n",
        "queue/logical_block_size": "4096\n", "queue/physical_block_size": "4096\n",
        "ro": "1\n", "removable": "0\n", "diskseq": "17\n",
      ])
    try tree.link("dev/disk/by-id/nvme-Amazon_vol0123456789abcdef0", to: "dev/nvme1n1")
    var expected = Disk(
      name: "nvme1n1", path: "\(tree.root)/dev/nvme1n1",
      number: DeviceNumber(major: 259, minor: 3), bytes: 1 << 20,
      logicalBlockSize: 4096, physicalBlockSize: 4096, model: "Amazon Elastic Block Store",
      serial: "vol0123456789abcdef0", isReadOnly: true,
      links: ["nvme-Amazon_vol0123456789abcdef0"])
    expected.sequence = 17
    #expect(try tree.devices.disks() == [expected])
    let link = "\(tree.root)/dev/disk/by-id/nvme-Amazon_vol0123456789abcdef0"
    #expect(try tree.devices.disk(at: link) == expected)
    #expect(try tree.devices.disk(number: expected.number) == expected)
  }

  @Test(arguments: [
    ("1 2", "5 0 0 0 7 0 0 0 9 0 0", Traffic(waiting: 3, answered: 12)),
    ("0 0", "5 0 0 0 7 0 0 0 0 0 0 11 0 0 0 13 0", Traffic(waiting: 0, answered: 36)),
    ("1 0", "5 0 0", nil), ("1 0", "x", nil),
  ])
  func whatWaitsInADiskIsCounted(_ waiting: String, _ counts: String, _ expected: Traffic?) throws {
    try tree.add("sda", "8:0", ["inflight": "       \(waiting)\n", "stat": "   \(counts)\n"])
    try tree.add("sdb", "8:16")
    let disks = try tree.devices.disks()
    #expect(tree.devices.traffic(of: disks[0]) == expected)
    #expect(tree.devices.traffic(of: disks[1]) == nil)
  }

  @Test(arguments: [("ec2e1916-9099-7caf-fd21-012345abcdef\n", true), ("", false)])
  func aDiskOfEC2sXenIsKnown(_ hypervisor: String, _ isOfEC2: Bool) throws {
    try tree.add("xvdb", "202:16")
    try tree.write("sys/hypervisor/uuid", hypervisor)
    #expect(try tree.devices.disks().map(\.isXenOfEC2) == [isOfEC2])
  }

  @Test func onlyDisksWorthListingAreListed() throws {
    try tree.add("sdb", "8:16", ["device/model": "x"])
    try tree.add("sda", "8:0")
    try tree.add("nvme0n1", "259:0")
    try tree.add("nvme0c0n1", "259:1", ["hidden": "1\n"])
    try tree.add("loop0", "7:0", ["loop/backing_file": "/data/a.img\n"])
    try tree.add("loop1", "7:1")
    try tree.add("md0", "9:0", ["md/level": "raid1\n"])
    try tree.add("nbd0", "43:0", ["size": "0\n"])
    for (minor, name) in ["ram0", "zram0", "dm-0", "sr0", "fd0"].enumerated() {
      try tree.add(name, "1:\(minor)")
    }
    let disks = try tree.devices.disks()
    #expect(disks.map(\.name) == ["loop0", "md0", "nvme0n1", "sda", "sdb"])
    #expect(disks[0].kind == .loop(backingFile: "/data/a.img"))
    #expect(disks[1].kind == .raid)
    #expect(disks[3].kind == .virtual)
    #expect(disks[4].kind == .physical)
  }

  @Test func serialsOfVirtioAndSCSIAreFound() throws {
    try tree.add("vda", "254:0", ["serial": "disk-1"])
    try tree.add("vdb", "254:16", ["serial": ""])
    try tree.add("sda", "8:0")
    try tree.write(
      "sys/devices/sda/device/vpd_pg80", bytes: [0, 0x80, 0, 4] + Array("  S1??".utf8))
    try tree.add("sdb", "8:16", ["device/wwid": "naa.5000c500\n"])
    try tree.add("sdc", "8:32")
    try tree.write("sys/devices/sdc/device/vpd_pg80", bytes: [0, 0x80])
    #expect(
      try tree.devices.disks().map(\.serial) == ["S1", "naa.5000c500", nil, "disk-1", nil])
  }

  @Test(arguments: [
    // Azure: all disks of a machine are namespaces of one controller.
    ["device/serial": "SN: 000001", "device/model": "MSFT NVMe Accelerator v1.0", "nsid": "1"],
    ["device/serial": "SN: 000001", "device/model": "MSFT NVMe Accelerator v1.0", "nsid": "2"],
    // Google Cloud.
    ["device/serial": "nvme_card-pd", "device/model": "nvme_card-pd", "nsid": "1"],
    ["device/serial": "nvme_card", "device/model": "nvme_card", "nsid": "1"],
    ["device/serial": "persistent-disk-1", "device/model": "PersistentDisk"],
    // Anybody's second namespace.
    ["device/serial": "S4YNNX0R", "device/model": "SAMSUNG MZQL2", "nsid": "2"],
  ])
  func aSerialThatOtherDisksHaveTooIsNotTakenForTheDisks(_ files: [String: String]) throws {
    try tree.add("nvme0n1", "259:0", files)
    let shared = files["device/serial"]!.replacing(" ", with: "_")
    try tree.link("dev/disk/by-id/nvme-model_\(shared)", to: "dev/nvme0n1")
    try tree.link("dev/disk/by-id/nvme-model_\(shared)_2", to: "dev/nvme0n1")
    // A link of model and serial leads to any of them.
    #expect(try tree.devices.disks()[0].links == ["nvme-model_\(shared)_2"])
    #expect(try tree.devices.disks().map(\.serial) == [nil])
    try tree.add(
      "nvme1n1", "259:1",
      ["device/serial": "70307ea5", "device/model": "Microsoft NVMe Direct Disk v2", "nsid": "1"])
    #expect(try tree.devices.disks().map(\.serial) == [nil, "70307ea5"])
  }

  @Test func googlesAndAzuresLinksLeadToTheirDisks() throws {
    try tree.add("nvme0n1", "259:0")
    try tree.add("nvme0n2", "259:1")
    try tree.add("sdc", "8:32")
    try tree.link("dev/disk/by-id/google-data-1", to: "dev/nvme0n2")
    try tree.link("dev/disk/azure/os", to: "dev/nvme0n1")
    try tree.link("dev/disk/azure/data/by-lun/0", to: "dev/nvme0n2")
    try tree.link("dev/disk/azure/data/by-name/elastic", to: "dev/nvme0n2")
    try tree.link("dev/disk/azure/scsi1/lun3", to: "dev/sdc")
    let disks = try tree.devices.disks()
    #expect(disks.map(\.links) == [[], ["google-data-1"], []])
    #expect(
      disks.map(\.azureLinks) == [
        ["/dev/disk/azure/os"],
        ["/dev/disk/azure/data/by-lun/0", "/dev/disk/azure/data/by-name/elastic"],
        ["/dev/disk/azure/scsi1/lun3"],
      ])
    #expect(
      try tree.devices.disk(at: "\(tree.root)/dev/disk/azure/data/by-lun/0") == disks[1])
  }

  @Test func aPartitionIsNotADisk() throws {
    try addPartitionedDisk()
    let path = "\(tree.root)/dev/vda1"
    #expect(throws: BlockDeviceError.isPartition(path, of: "vda")) {
      try tree.devices.disk(at: path)
    }
    #expect(try tree.devices.disk(at: "\(tree.root)/dev/vda").partitions == ["vda1", "vda2"])
  }

  @Test func whatIsNoDeviceIsRefused() throws {
    let absent = "\(tree.root)/dev/none"
    #expect(throws: BlockDeviceError.noSuchDevice(absent)) { try tree.devices.disk(at: absent) }
    #expect(throws: BlockDeviceError.notABlockDevice("/dev/null")) {
      try BlockDevices().disk(at: "/dev/null")
    }
    #expect(throws: BlockDeviceError.noSuchDevice("/dev/null/x")) {
      try BlockDevices().disk(at: "/dev/null/x")
    }
    try tree.write("dev/gone", "8:99")
    #expect(throws: BlockDeviceError.noSuchDevice("\(tree.root)/dev/gone")) {
      try tree.devices.disk(at: "\(tree.root)/dev/gone")
    }
    #expect(throws: BlockDeviceError.self) {
      try BlockDevices(sysfs: "/nonexistent").disks()
    }
  }

  @Test func holdersOfADiskAndOfItsPartitionsAreNamed() throws {
    try addPartitionedDisk()
    try tree.add("dm-0", "253:0", ["dm/name": "vg-lv\n", "dm/uuid": "LVM-abc\n"])
    try tree.add("dm-1", "253:1", ["dm/name": "esvol\n", "dm/uuid": "CRYPT-LUKS2-abc-esvol\n"])
    try tree.add("md0", "9:0", ["md/level": "raid1"])
    try tree.stack("dm-0", on: "vda/vda2")
    try tree.stack("dm-1", on: "vda/vda1")
    try tree.stack("md0", on: "vda")
    let disk = try tree.devices.disk(at: "\(tree.root)/dev/vda")
    #expect(disk.holders == ["dm-0 (LVM vg-lv)", "dm-1 (crypt esvol)", "md0"])
    let mapping = try tree.devices.disk(number: DeviceNumber(major: 253, minor: 1))
    #expect(mapping.kind == .mapping(name: "esvol", uuid: "CRYPT-LUKS2-abc-esvol"))
    #expect(mapping.path == "\(tree.root)/dev/mapper/esvol")
  }

  private func addPartitionedDisk() throws {
    try tree.add("vda", "254:0")
    try tree.add("vda/vda1", "254:1", ["partition": "1\n"])
    try tree.add("vda/vda2", "254:2", ["partition": "2\n"])
  }
}
