import Foundation
import Testing

@testable import BlockDevices

/// From a path down to the disks, on made-up trees.
struct StorageTracerTests {
  let tree: FixtureTree

  /// dm-0 (LUKS) on nvme0n1p1, sda in the clear, md0 on both, loop0 in a file on the mapping.
  init() throws {
    tree = try FixtureTree()
    try tree.add("nvme0n1", "259:0", ["device/model": "Disk", "device/serial": "vol1"])
    try tree.add("nvme0n1/nvme0n1p1", "259:1", ["partition": "1"])
    try tree.add("sda", "8:0", ["device/model": "Other"])
    try tree.add("dm-0", "253:0", ["dm/name": "x", "dm/uuid": "CRYPT-LUKS2-abc-x"])
    try tree.stack("dm-0", on: "nvme0n1/nvme0n1p1")
    try tree.add("md0", "9:0", ["md/level": "raid1"])
    try tree.stack("md0", on: "dm-0")
    try tree.stack("md0", on: "sda")
    try tree.add("loop0", "7:0", ["loop/backing_file": "/es/image"])
    for folder in ["es/data", "clear", "etc"] {
      try FileManager.default.createDirectory(
        atPath: "\(tree.root)/files/\(folder)", withIntermediateDirectories: true)
    }
    try tree.write("files/es/image", "")
  }

  static let table = """
    1 0 8:0 / / rw - ext4 /dev/sda rw
    2 1 253:0 / /es rw - ext4 /dev/mapper/x rw
    """

  @Test func aPathIsFollowedDownToTheDisk() throws {
    let trace = try trace("/es/data")
    #expect(
      trace.links.map(\.kind) == [
        .path, .mount(type: "ext4"), .mapping(name: "x", uuid: "CRYPT-LUKS2-abc-x"), .partition,
        .disk,
      ])
    #expect(trace.links.map(\.level) == [0, 1, 2, 3, 4])
    #expect(trace.links.last?.detail == "Disk, vol1")
    #expect(trace.exists && trace.place == "/es/data")
  }

  @Test func ofAPathThatIsNotThereItsParentCounts() throws {
    let trace = try trace("/es/none/deeper/../x")
    #expect(!trace.exists && trace.place == "/es")
    #expect(trace.links[0].detail == "does not exist yet; '/es' is what counts")
    #expect(names(trace).last == "nvme0n1")
  }

  @Test func everyLinkIsShownAndFollowedAsTheKernelDoes() throws {
    try link("es/data/out", "../../clear")
    try link("clear/back", "/es/./data/")
    let trace = try trace("/es/data/out/back/new")
    #expect(
      trace.links.filter { $0.kind == .symbolicLink }.map(\.name) == [
        "/es/data/out", "/clear/back",
      ])
    #expect(trace.place == "/es/data")
    #expect(try self.trace("/es/data/out/x").place == "/clear")
    #expect(try self.trace("/../../es/data/../../clear").place == "/clear")
  }

  @Test func linksInACircleEnd() throws {
    try link("clear/a", "b")
    try link("clear/b", "/clear/a")
    try expectUnknown(try trace("/clear/a/x"), "more than 40 symbolic links")
    try link("clear/long", "long/long")
    try expectUnknown(try trace("/clear/long"), "more than 40 symbolic links")
  }

  @Test func aNameThatIsNotOfUTF8IsNotGuessed() throws {
    let bytes: [CChar] = Array("\(tree.root)/files/clear/odd".utf8CString)
    #expect(symlink([CChar(bitPattern: 0xff), 0], bytes) == 0)
    #expect(try trace("/clear/odd").links.last?.kind == .unknown)
  }

  @Test func relativePathsAndZeroBytesAreNotGuessed() throws {
    try expectUnknown(try trace("es/data"), "'es/data' is not absolute")
    try expectUnknown(try trace("/es\0/data"), "it has a zero byte")
  }

  @Test func namesWithBlanksAndFeedsAreFound() throws {
    try FileManager.default.createDirectory(
      atPath: "\(tree.root)/files/a b\nc", withIntermediateDirectories: false)
    let more = "\n3 1 253:0 / /a\\040b\\012c rw - ext4 /dev/mapper/x rw"
    #expect(names(try trace("/a b\nc", more)).last == "nvme0n1")
  }

  @Test func everyMemberOfAnArrayIsAnEnd() throws {
    let trace = try trace("/es", "\n3 2 9:0 / /es rw - xfs /dev/md0 rw")
    #expect(trace.ends.map { $0.last?.name.split(separator: "/").last } == ["nvme0n1", "sda"])
    #expect(trace.ends[1].map(\.kind) == [.path, .mount(type: "xfs"), .array, .disk])
  }

  @Test func anArrayWithoutMembersIsNotKnown() throws {
    try tree.add("md1", "9:1", ["md/level": "raid1"])
    try expectUnknown(
      try trace("/es", "\n3 2 9:1 / /es rw - xfs /dev/md1 rw"), "none of its members is there")
  }

  @Test func theFileOfALoopDeviceIsTracedToo() throws {
    let trace = try trace("/clear", "\n3 1 7:0 / /clear rw - ext4 /dev/loop0 rw")
    #expect(
      trace.links.map(\.kind).prefix(5) == [
        .path, .mount(type: "ext4"), .loop, .path, .mount(type: "ext4"),
      ])
    #expect(names(trace).last == "nvme0n1")
  }

  @Test func aLoopFileThatIsGoneIsNotGuessed() throws {
    try tree.add("loop1", "7:1", ["loop/backing_file": "/es/gone (deleted)"])
    try expectUnknown(
      try trace("/clear", "\n3 1 7:1 / /clear rw - ext4 /dev/loop1 rw"),
      "it is in use, and not to be found")
  }

  @Test func devicesUponThemselvesEnd() throws {
    try tree.add("dm-1", "253:1", ["dm/name": "a"])
    try tree.add("dm-2", "253:2", ["dm/name": "b"])
    try tree.stack("dm-1", on: "dm-2")
    try tree.stack("dm-2", on: "dm-1")
    try expectUnknown(
      try trace("/es", "\n3 2 253:1 / /es rw - ext4 /dev/mapper/a rw"), "it is built upon itself")
    try tree.add("loop2", "7:2", ["loop/backing_file": "/clear/image"])
    try tree.write("files/clear/image", "")
    try expectUnknown(
      try trace("/clear", "\n3 1 7:2 / /clear rw - ext4 /dev/loop2 rw"), "it is built upon itself")
  }

  /// Each of thirty pairs stands on both of the next pair: a thousand million ways down.
  @Test func anAbsurdTreeIsCutAndNeverPasses() throws {
    for level in 0..<30 {
      for side in 0...1 {
        let number = level * 2 + side
        try tree.add(
          "dm-1\(number + 100)", "253:1\(number + 100)",
          ["dm/name": "n\(number)", "dm/uuid": "CRYPT-LUKS2-abc-n\(number)"])
      }
    }
    for level in 0..<29 {
      for upper in 0...1 {
        for lower in 0...1 {
          try tree.stack("dm-1\(level * 2 + upper + 100)", on: "dm-1\(level * 2 + 2 + lower + 100)")
        }
      }
    }
    let trace = try trace("/es", "\n3 2 253:1100 / /es rw - ext4 /dev/mapper/n0 rw")
    #expect(trace.links.count <= 1001)
    // It stands alone, so that no mapping above vouches for it.
    let cut = trace.ends.filter { $0.last?.detail == "there is too much beneath it" }
    #expect(cut.map(\.count) == [1])
  }

  @Test(arguments: [
    ("nfs4 server:/x", "network"), ("cifs //server/x", "network"), ("fuse.gocryptfs g", "unknown"),
    ("zfs pool/x", "unknown"), ("autofs a", "unknown"), ("tmpfs t", "swappable"),
    ("ramfs t", "memory"), ("overlay o", "unknown"), ("btrfs /dev/none", "unknown"),
    ("somefs s", "unknown"),
  ]) func whatIsOnNoDiskIsNamed(mount: String, end: String) throws {
    // Under the mount there is a link; one on a network is not asked.
    try link("clear/link", "/es")
    let trace = try trace("/clear", "\n3 1 0:77 / /clear rw - \(mount) rw")
    let kinds: [StorageTrace.Link.Kind: String] = [
      .network: "network", .unknown: "unknown", .memory(canSwap: true): "swappable",
      .memory(canSwap: false): "memory",
    ]
    #expect(trace.links.last.flatMap { kinds[$0.kind] } == end)
    #expect(trace.ends.count == 1)
  }

  @Test func aNetworkIsNotAsked() throws {
    try link("clear/link", "/es")
    let trace = try trace("/clear/link/x", "\n3 1 0:77 / /clear rw - nfs4 server:/x rw")
    #expect(trace.place == nil)
    #expect(!trace.links.contains { $0.kind == .symbolicLink })
  }

  @Test func btrfsIsOnAllItsDevices() throws {
    for device in ["dm-0", "sda"] {
      try tree.link("sys/fs/btrfs/f00/devices/\(device)", to: "sys/devices/\(device)")
    }
    let mount = "\n3 1 0:77 / /clear rw - btrfs \(tree.root)/dev/sda rw"
    #expect(try trace("/clear", mount).ends.map { $0.last?.kind } == [.disk, .disk])
  }

  @Test func anOverlayWritesToItsUpperLayer() throws {
    let mount =
      "\n3 1 0:77 / /clear rw - overlay o rw,lowerdir=/etc,upperdir=/es/data,workdir=/es/w"
    #expect(names(try trace("/clear", mount)).last == "nvme0n1")
    try expectUnknown(
      try trace("/clear", mount.replacing("/es/data", with: "/es/gone")),
      "it is in use, and not to be found")
  }

  @Test func theLogOfXFSCounts() throws {
    let mount = "\n3 2 253:0 / /es rw - xfs /dev/mapper/x rw,logdev=\(tree.root)/dev/sda,noquota"
    #expect(names(try trace("/es", mount)).suffix(2) == ["nvme0n1", "sda"])
  }

  @Test func aSuspendedMappingIsNotAsked() throws {
    try tree.write("sys/devices/dm-0/dm/suspended", "1\n")
    try link("es/data/out", "/clear")
    try expectUnknown(
      try trace("/es/data/out"), "'x' is suspended, so that no filesystem on it answers")
  }

  @Test func whatTheMountTableAndTheFilesystemDoNotAgreeOnIsNotKnown() throws {
    try expectUnknown(
      try trace("/es/data", device: "8:99"), "the mount table and the filesystem do not agree")
  }

  @Test func swapIsTracedFromItsDevice() throws {
    try tree.add("zram0", "251:0", ["backing_dev": "none\n"])
    try tree.add("zram1", "251:1", ["backing_dev": "\(tree.root)/dev/sda\n"])
    try tree.add("nbd0", "43:0")
    let tracer = try tracer()
    func kinds(_ name: String) -> [StorageTrace.Link.Kind] {
      tracer.trace(device: "\(tree.root)/dev/\(name)").links.map(\.kind)
    }
    #expect(kinds("sda") == [.disk])
    #expect(kinds("zram0") == [.memory(canSwap: false)])
    #expect(kinds("zram1") == [.memory(canSwap: false), .disk])
    #expect(kinds("nbd0") == [.unknown])
    #expect(kinds("none") == [.unknown])
    #expect(tracer.trace(fileInUse: "/es/image").links.last?.kind == .disk)
    #expect(tracer.trace(fileInUse: "/es/swap").links.last?.kind == .unknown)
  }

  // MARK: -

  private func tracer(_ more: String = "", device: String? = nil) throws -> StorageTracer {
    let prefix = "\(tree.root)/files"
    let mounts = MountTree(try MountTable.parse(Self.table + more))
    let wrong = device.flatMap { DeviceNumber($0) }
    var files = tree.devices.files
    // Every file lies on what the mount table says, unless a test has it otherwise.
    files.entry = { path in
      guard case .there = DeviceFiles.realEntry(path) else { return DeviceFiles.realEntry(path) }
      let place = String(path.dropFirst(prefix.count))
      let mount = mounts.mount(containing: place == "/." ? "/" : place)
      return .there(on: wrong ?? mount?.number ?? DeviceNumber(major: 0, minor: 0))
    }
    return StorageTracer(
      devices: BlockDevices(sysfs: "\(tree.root)/sys", dev: "\(tree.root)/dev", files: files),
      own: DirectoryTree(prefix: prefix, mounts: mounts))
  }

  private func trace(
    _ path: String, _ more: String = "", device: String? = nil
  ) throws -> StorageTrace {
    try tracer(more, device: device).trace(path)
  }

  private func names(_ trace: StorageTrace) -> [String] {
    trace.links.map { BlockDevices.lastComponent($0.name) }
  }

  private func link(_ path: String, _ target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: "\(tree.root)/files/\(path)", withDestinationPath: target)
  }

  private func expectUnknown(
    _ trace: StorageTrace, _ why: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let end = try #require(trace.ends.last?.last)
    #expect(end.kind == .unknown, sourceLocation: sourceLocation)
    #expect(end.detail == why, sourceLocation: sourceLocation)
  }
}
