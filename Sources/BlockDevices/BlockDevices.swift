/// The block devices of a machine, read from sysfs at every question.
package struct BlockDevices: Sendable {
  let sys: KernelTree
  let dev: String
  let files: DeviceFiles

  /// Other roots than the machine's own serve made-up trees.
  package init(sysfs: String = "/sys", dev: String = "/dev") {
    self.init(sysfs: sysfs, dev: dev, files: .real)
  }

  init(sysfs: String, dev: String, files: DeviceFiles) {
    sys = KernelTree(root: sysfs)
    self.dev = dev
    self.files = files
  }

  /// The whole disks worth listing, sorted by name: not memory, optical or floppy drives, unused
  /// loop and network devices, the hidden paths of NVMe multipath, nor mappings.
  package func disks() throws(BlockDeviceError) -> [Disk] {
    guard sys.exists("block") else {
      throw .failed(verb: "list the disks of", object: "\(sys.root)/block", errno: 2)
    }
    let links = linksByName()
    return sys.names("block").filter(isWorthListing).compactMap { name in
      disk(in: "block/\(name)", links: links[name] ?? [])
    }
  }

  /// The disk that a path leads to, through links such as those of /dev/disk/by-id.
  package func disk(at path: String) throws(BlockDeviceError) -> Disk {
    let number = try files.node(path)
    if let disk = partitioned(number) { throw .isPartition(path, of: disk) }
    do {
      return try disk(number: number)
    } catch .noSuchDevice {
      throw .noSuchDevice(path)
    }
  }

  /// The disk or mapping with this number.
  package func disk(number: DeviceNumber) throws(BlockDeviceError) -> Disk {
    if let disk = partitioned(number) { throw .isPartition("\(number)", of: disk) }
    guard let folder = folder(of: number) else { throw .noSuchDevice("\(number)") }
    let name = Self.lastComponent(folder)
    guard let disk = disk(in: "dev/block/\(number)", named: name, links: linksByName()[name] ?? [])
    else { throw .noSuchDevice("\(number)") }
    return disk
  }

  private func isWorthListing(_ name: String) -> Bool {
    let unwanted = ["ram", "zram", "dm-", "sr", "fd"]
    if unwanted.contains(where: { name.hasPrefix($0) && name.dropFirst($0.count).isNumber }) {
      return false
    }
    if sys.isSet("block/\(name)/hidden") { return false }
    if name.hasPrefix("loop") { return sys.exists("block/\(name)/loop/backing_file") }
    if name.hasPrefix("nbd") { return sys.isSet("block/\(name)/size") }
    return true
  }

  /// The name of the disk that the device with this number is a partition of.
  private func partitioned(_ number: DeviceNumber) -> String? {
    guard sys.exists("dev/block/\(number)/partition"), let folder = folder(of: number) else {
      return nil
    }
    return Self.parentName(folder)
  }

  /// The folder of a device below /sys/devices, without links.
  func folder(of number: DeviceNumber) -> String? {
    KernelTree.resolve("\(sys.root)/dev/block/\(number)")
  }

  static func lastComponent(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  static func parentName(_ path: String) -> String? {
    path.split(separator: "/").dropLast().last.map(String.init)
  }
}

extension StringProtocol {
  fileprivate var isNumber: Bool { !isEmpty && allSatisfy(\.isASCIIDigit) }
}
