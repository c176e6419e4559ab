/// What is mounted where, in the mount namespace of a process.
package struct MountTable: Equatable, Sendable {
  package var mounts: [Mount]

  package init(mounts: [Mount]) { self.mounts = mounts }

  /// Reads the text of a mountinfo file; throws `malformed` at the first line it cannot read.
  package static func parse(_ mountinfo: String) throws(BlockDeviceError) -> MountTable {
    var mounts: [Mount] = []
    for line in KernelLine.lines(mountinfo) {
      guard let mount = Mount(line: line) else {
        throw .malformed("mountinfo", line: String(decoding: line, as: UTF8.self))
      }
      mounts.append(mount)
    }
    return MountTable(mounts: mounts)
  }

  /// The table of this moment, as this process sees it.
  package static func current() throws(BlockDeviceError) -> MountTable {
    try seen(by: "self")
  }

  /// The table of this moment as another process sees it, in its mount namespace and below its root.
  package static func seen(by process: Int) throws(BlockDeviceError) -> MountTable {
    try seen(by: "\(process)")
  }

  private static func seen(by process: String) throws(BlockDeviceError) -> MountTable {
    let bytes = try KernelTree.contents(of: "/proc/\(process)/mountinfo")
    return try parse(String(decoding: bytes, as: UTF8.self))
  }

  /// The topmost mount at a target: the last one covers the others.
  package func mount(at target: String) -> Mount? {
    mounts.last { $0.target.utf8.elementsEqual(target.utf8) }
  }

  package func mounts(of number: DeviceNumber) -> [Mount] { mounts.filter { $0.number == number } }

  /// The mount that an absolute path without links lies on.
  ///
  /// The way is the kernel's: from the root mount, at every mount the nearest target on the path
  /// leads to the next. So a mount that was covered by a later one higher up is not found.
  package func mount(containing path: String) -> Mount? {
    let onPath = mounts.filter { Self.contains($0.target, path) }
    let ids = Set(mounts.map(\.id))
    guard
      var current = onPath.first(where: {
        $0.target == "/" && (!ids.contains($0.parent) || $0.parent == $0.id)
      })
    else { return onPath.max { $0.target.utf8.count <= $1.target.utf8.count } }
    var children = Dictionary(grouping: onPath) { $0.parent }
    // Each is gone through once, so that mounts in a circle end as well.
    while let next = children.removeValue(forKey: current.id)?.filter({ $0.id != current.id })
      .min(by: { $0.target.utf8.count < $1.target.utf8.count })
    {
      current = next
    }
    return current
  }

  /// By bytes, as the kernel compares: Swift takes two spellings of one letter for the same.
  private static func contains(_ target: String, _ path: String) -> Bool {
    let path = path.utf8
    guard target != "/" else { return path.first == PathParts.slash }
    return path.starts(with: target.utf8)
      && path.dropFirst(target.utf8.count).first.map { $0 == PathParts.slash } ?? true
  }
}
