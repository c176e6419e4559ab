extension BlockDevices {
  /// The kernel names of everything below a device, itself included, down to the whole disks.
  ///
  /// The way goes from a partition to its disk, from a mapping or array to its members, and from
  /// a loop device to the disk that its file lies on. A filesystem with a number of its own
  /// (btrfs) is looked up by its source in `mounts`. Throws `noSuchDevice` when the number belongs
  /// to no block device (tmpfs, overlay, a network), and fails when a loop's file is out of sight:
  /// not to know what is beneath is no permission.
  package func wholeDisks(
    beneath number: DeviceNumber,
    mounts: @autoclosure () throws(BlockDeviceError) -> MountTable = try MountTable.current()
  ) throws(BlockDeviceError) -> Set<String> {
    var passed: Set<String> = []
    try descend(to: number, mounts: mounts, passed: &passed)
    return passed
  }

  private func descend(
    to number: DeviceNumber, mounts: () throws(BlockDeviceError) -> MountTable,
    passed: inout Set<String>
  ) throws(BlockDeviceError) {
    guard let folder = folder(of: number) else {
      for source in try mounts().mounts(of: number).map(\.source) where source.hasPrefix("/") {
        return try descend(to: try files.node(source), mounts: mounts, passed: &passed)
      }
      throw .noSuchDevice("\(number)")
    }
    guard passed.insert(Self.lastComponent(folder)).inserted else { return }
    let here = "dev/block/\(number)"
    if sys.exists("\(here)/partition") {
      try descend(toNumberIn: "\(here)/../dev", mounts: mounts, passed: &passed)
    }
    // The link to a disk that was pulled out stays, and leads nowhere: nothing is beneath any more.
    for slave in sys.names("\(here)/slaves") where sys.exists("\(here)/slaves/\(slave)") {
      try descend(toNumberIn: "\(here)/slaves/\(slave)/dev", mounts: mounts, passed: &passed)
    }
    if let file = sys.text("\(here)/loop/backing_file") {
      guard let home = files.home(file) else {
        throw .failed(verb: "find the disk beneath", object: file, errno: 2)
      }
      do {
        try descend(to: home, mounts: mounts, passed: &passed)
      } catch .noSuchDevice {
        // The file lies in memory or on a network: the loop device is the bottom.
      }
    }
  }

  private func descend(
    toNumberIn file: String, mounts: () throws(BlockDeviceError) -> MountTable,
    passed: inout Set<String>
  ) throws(BlockDeviceError) {
    guard let number = sys.text(file).flatMap({ DeviceNumber($0) }) else {
      throw .noSuchDevice("\(sys.root)/\(file)")
    }
    try descend(to: number, mounts: mounts, passed: &passed)
  }
}
