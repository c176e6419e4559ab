/// A mount table, ordered so that the mount which a path lies on is found in as many steps as the path has
/// parts, however long the table is.
package struct MountTree: Sendable {
  private struct Place: Hashable {
    let parent: Int
    let target: String
  }

  private let mounts: [Mount]
  /// The mount that one sees at a target within another mount: the topmost, if several cover each other.
  private var visible: [Place: Int] = [:]
  private var root: Int?

  package init(_ table: MountTable) {
    mounts = table.mounts
    var children: [Place: Int] = [:]
    children.reserveCapacity(mounts.count)
    for (index, mount) in mounts.enumerated() where mount.id != mount.parent {
      let place = Place(parent: mount.parent, target: mount.target)
      if children[place] == nil { children[place] = index }
    }
    let tops = Self.tops(of: mounts, children)
    visible = children.mapValues { tops[$0] }
    let ids = Set(mounts.map(\.id))
    root = mounts.firstIndex {
      $0.target == "/" && (!ids.contains($0.parent) || $0.parent == $0.id)
    }.map { tops[$0] }
  }

  /// For each mount the one that covers it, directly or through others; itself where none does.
  private static func tops(of mounts: [Mount], _ children: [Place: Int]) -> [Int] {
    var tops = [Int](repeating: -1, count: mounts.count)
    for start in mounts.indices where tops[start] < 0 {
      var (stack, current) = ([Int](), start)
      // A table in which mounts cover each other in a circle is nobody's; it must end all the same.
      while tops[current] < 0 {
        tops[current] = current
        stack.append(current)
        let mount = mounts[current]
        guard let next = children[Place(parent: mount.id, target: mount.target)] else { break }
        current = next
      }
      for index in stack { tops[index] = tops[current] }
    }
    return tops
  }

  /// The mount that an absolute path without links lies on; nil where the table does not say what `/` is,
  /// as it does not for a process whose root directory is no mount point.
  package func mount(containing path: String) -> Mount? {
    guard var current = root, path.utf8.first == PathParts.slash else { return nil }
    var place = ""
    for part in PathParts.split(path) {
      place += "/" + part
      current = visible[Place(parent: mounts[current].id, target: place)] ?? current
    }
    return mounts[current]
  }

  /// The mounts that one sees below a path, which has no links.
  package func mounts(below path: String) -> [Mount] {
    let start = path == "/" ? "/" : path + "/"
    return mounts.filter {
      $0.target.utf8.starts(with: start.utf8) && mount(containing: $0.target)?.id == $0.id
    }
  }
}

/// A path as the kernel takes it apart: by bytes, because a combining accent hides the slash before it
/// from Swift's characters.
enum PathParts {
  static let slash = UInt8(ascii: "/")

  static func split(_ path: String) -> [String] {
    path.utf8.split(separator: slash).map { String(Substring($0)) }
  }

  /// The path of the directory that a path without links lies in.
  static func parent(of path: String) -> String {
    "/" + split(path).dropLast().joined(separator: "/")
  }

  static func path(_ part: String, in folder: String) -> String {
    folder == "/" ? "/" + part : folder + "/" + part
  }
}
