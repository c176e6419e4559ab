/// Finds out what lies beneath a path: through symbolic links and mounts to devices, and down to the disks.
///
/// It reads the mount table and sysfs, and asks filesystems only on the way along the path; never one on
/// a network or on a suspended device, which might not answer. Not seen: the external journal of an ext4
/// filesystem, and a loop device whose file another mount namespace has at the same path.
package struct StorageTracer {
  let devices: BlockDevices
  /// In which the files of loop devices and the layers of overlays are looked for.
  let own: DirectoryTree
  private var trace = StorageTrace()
  private var isCut = false

  /// So deep nobody builds; the kernel ends at 8 filesystems upon each other, and has no limit for
  /// devices.
  static let greatestLevel = 64
  /// Devices that share others may be gone through again and again: an absurd tree would never end.
  static let greatestCount = 1000

  package init(devices: BlockDevices = BlockDevices(), own: DirectoryTree) {
    self.devices = devices
    self.own = own
  }

  /// Traces a path as a process sees it that has the tree; nil for this process's own.
  ///
  /// Of a path that does not exist, its nearest parent that does counts: there it would be made.
  ///
  /// - Parameter withMountsBelow: whether what is mounted further below counts as well.
  package func trace(
    _ path: String, in tree: DirectoryTree? = nil, withMountsBelow: Bool = false
  ) -> StorageTrace {
    var tracer = self
    let tree = tree ?? own
    tracer.follow(path, in: tree, level: 0, above: [])
    guard withMountsBelow, tracer.trace.exists, let place = tracer.trace.place else {
      return tracer.trace
    }
    for mount in tree.mounts.mounts(below: place) {
      tracer.descend(into: mount, level: 1, above: [])
    }
    return tracer.trace
  }

  /// Traces a file that is in use, such as one that is swapped to: it must be there.
  package func trace(fileInUse path: String) -> StorageTrace {
    var tracer = self
    tracer.follow(path, in: own, level: 0, above: [], isInUse: true)
    return tracer.trace
  }

  /// Traces a block device.
  package func trace(device path: String) -> StorageTrace {
    var tracer = self
    tracer.descend(toDevice: path, level: 0, above: [])
    tracer.trace.exists = true
    return tracer.trace
  }
}

extension StorageTracer {
  /// Adds a link; false when there are too many, and nothing more may be added.
  @discardableResult
  mutating func add(
    _ kind: StorageTrace.Link.Kind, _ name: String, _ detail: String? = nil, level: Int
  ) -> Bool {
    guard trace.links.count < Self.greatestCount, level < Self.greatestLevel else {
      cut(at: name)
      return false
    }
    trace.links.append(.init(level: level, kind: kind, name: name, detail: detail))
    return true
  }

  private mutating func cut(at name: String) {
    guard !isCut else { return }
    isCut = true
    // It stands beneath nothing, so that nothing above it can vouch for it.
    trace.links.append(
      .init(level: 0, kind: .unknown, name: name, detail: "there is too much beneath it"))
  }

  mutating func fail(_ name: String, _ why: String, level: Int) {
    add(.unknown, name, why, level: level)
  }

  mutating func reach(_ place: String?, exists: Bool) {
    trace.place = place
    trace.exists = exists
  }
}
