import Glibc
import SystemPackage

/// A `node-N.st` that lies in a data path, not read yet.
package struct NodeStateFile: Hashable, Sendable {
  package let path: String
  /// The N of the name.
  package let generation: Int
  /// When the content last changed, in nanoseconds since 1970.
  package let modified: Int64
  /// Another file of the same name has another number.
  package let inode: UInt64

  package init(path: String, generation: Int, modified: Int64, inode: UInt64) {
    self.path = path
    self.generation = generation
    self.modified = modified
    self.inode = inode
  }
}

extension NodeState {
  /// Where state lies below a data path: since 8.0, and before it (and with OpenSearch).
  static let folders = ["_state", "nodes/0/_state"]

  /// The state files of a data path, in both places where versions of Elasticsearch keep them, oldest
  /// first in each. Taken before and after a start it tells new files from old ones.
  ///
  /// A folder that does not exist has none; one that cannot be read throws.
  package static func files(
    inDataPath path: String
  ) throws(NodeStateError) -> [NodeStateFile] {
    var files: [NodeStateFile] = []
    for folder in folders { files += try self.files(inFolder: path + "/" + folder) }
    return files
  }

  /// The state that counts in a data path, nil if no node has written one.
  ///
  /// That is the file with the highest number: after a crash the one before may still be there. With
  /// files in both places, which only an interrupted upgrade to 8.0 leaves, the newer place counts.
  package static func find(inDataPath path: String) throws(NodeStateError) -> NodeState? {
    for folder in folders {
      if let state = try latest(inFolder: path + "/" + folder) { return state }
    }
    return nil
  }

  /// The state at whatever path a person gives: a `.st` file, a `_state` folder or a data path. Nil
  /// if it is a folder without any.
  package static func find(at path: String) throws(NodeStateError) -> NodeState? {
    var status = stat()
    guard stat(path, &status) == 0 else { throw .unreadable(path: path, errno: errno) }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      let name = path.split(separator: "/").last.map(String.init) ?? path
      return try read(path, generation: generation(of: name) ?? 0)
    }
    if let state = try latest(inFolder: path) { return state }
    return try find(inDataPath: path)
  }

  /// The highest of a folder. A node that starts just now replaces its file, so a file that was
  /// listed may be gone: the folder is then listed again, a few times at most.
  private static func latest(inFolder folder: String) throws(NodeStateError) -> NodeState? {
    for _ in 0..<3 {
      guard let file = try files(inFolder: folder).last else { return nil }
      do { return try read(file) } catch .unreadable(_, ENOENT) { continue }
    }
    throw .unreadable(path: folder, errno: EAGAIN)
  }

  /// Reads one file.
  package static func read(_ file: NodeStateFile) throws(NodeStateError) -> NodeState {
    try read(file.path, generation: file.generation)
  }

  private static func read(
    _ path: String, generation: Int
  ) throws(NodeStateError) -> NodeState {
    let bytes: [UInt8]
    do {
      bytes = try Self.bytes(of: path)
    } catch {
      throw .unreadable(path: path, errno: (error as? Errno ?? .ioError).rawValue)
    }
    do {
      var state = try decode(bytes)
      state.file = path
      state.generation = generation
      return state
    } catch {
      throw .damaged(path: path, error)
    }
  }

  /// One byte more than a node state may have, so that a larger file is noticed. A pipe is not
  /// waited for.
  private static func bytes(of path: String) throws -> [UInt8] {
    let file = try FileDescriptor.open(path, .readOnly, options: [.nonBlocking, .closeOnExec])
    return try file.closeAfter {
      var bytes = [UInt8](repeating: 0, count: greatestSize + 1)
      var filled = 0
      while filled < bytes.count {
        let count = try bytes[filled...].withUnsafeMutableBytes { try file.read(into: $0) }
        if count == 0 { break }
        filled += count
      }
      return Array(bytes[..<filled])
    }
  }

  private static func files(
    inFolder folder: String
  ) throws(NodeStateError) -> [NodeStateFile] {
    guard let directory = opendir(folder) else {
      // `nodes` is a regular file since 8.0.
      if errno == ENOENT || errno == ENOTDIR { return [] }
      throw .unreadable(path: folder, errno: errno)
    }
    defer { closedir(directory) }
    var files: [NodeStateFile] = []
    errno = 0
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let generation = generation(of: name),
        let file = try file(folder + "/" + name, generation)
      {
        files.append(file)
      }
      errno = 0
    }
    guard errno == 0 else { throw .unreadable(path: folder, errno: errno) }
    return files.sorted { $0.generation < $1.generation }
  }

  /// Nil if it vanished meanwhile: the node deletes the file before as soon as it has written one.
  private static func file(
    _ path: String, _ generation: Int
  ) throws(NodeStateError) -> NodeStateFile? {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      if errno == ENOENT { return nil }
      throw .unreadable(path: path, errno: errno)
    }
    let time = status.st_mtim
    return NodeStateFile(
      path: path, generation: generation,
      modified: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec),
      inode: UInt64(status.st_ino))
  }

  /// The number in `node-17.st`, nil for any other name.
  static func generation(of name: String) -> Int? {
    guard name.hasPrefix("node-"), name.hasSuffix(".st") else { return nil }
    return Decimal.number(name.dropFirst("node-".count).dropLast(".st".count))
  }
}
