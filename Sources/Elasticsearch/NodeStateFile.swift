import Glibc
import SystemPackage

/// A file of a data path in which a node says who it is, not read yet.
package struct NodeStateFile: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// `node-N.st`
    case state
    /// `segments_N`
    case commit
  }

  package let path: String
  package let kind: Kind
  /// The N of the name.
  package let generation: Int
  /// When the content last changed, in seconds since 1970, and the nanoseconds of that second.
  package let modified: [Int]
  /// Another file of the same name has another number.
  package let inode: UInt64

  /// Looks at a file by its name.
  ///
  /// - Returns: nil for every other name, and for a file that has vanished: a node deletes the one
  ///   before as soon as it has written one.
  init?(named name: String, in folder: String) throws(NodeStateError) {
    guard let (kind, generation) = Self.number(of: name) else { return nil }
    let path = folder + "/" + name
    var status = stat()
    guard lstat(path, &status) == 0 else {
      if errno == ENOENT { return nil }
      throw .unreadable(path: path, errno: errno)
    }
    self.path = path
    self.kind = kind
    self.generation = generation
    modified = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
    inode = UInt64(status.st_ino)
  }

  /// What a name says: `node-17.st` has the number 17, `segments_1a` the number 46.
  static func number(of name: String) -> (Kind, Int)? {
    if let generation = LuceneCommit.generation(ofFile: name) { return (.commit, generation) }
    guard name.hasPrefix("node-"), name.hasSuffix(".st") else { return nil }
    return Decimal.number(name.dropFirst("node-".count).dropLast(".st".count)).map { (.state, $0) }
  }

  /// The node state and commit files of a folder, oldest first among their kind. A folder that does
  /// not exist has none; one that cannot be read throws.
  static func all(inFolder folder: String) throws(NodeStateError) -> [NodeStateFile] {
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
      if let file = try NodeStateFile(named: name, in: folder) { files.append(file) }
      errno = 0
    }
    guard errno == 0 else { throw .unreadable(path: folder, errno: errno) }
    return files.sorted { $0.generation < $1.generation }
  }
}

/// The bytes of a small file.
enum SmallFile {
  /// Reads one byte more than the limit at most, so that a larger file is noticed. Of what is no
  /// regular file nothing is read.
  ///
  /// - Parameter followsLinks: whether the path may be a link. Not one that the service's user can write:
  ///   a link to a device would have root open that.
  static func bytes(
    of path: String, limit: Int, followsLinks: Bool = false
  ) throws(NodeStateError) -> [UInt8] {
    do {
      var options: FileDescriptor.OpenOptions = [.nonBlocking, .closeOnExec]
      if !followsLinks { options.insert(.noFollow) }
      let file = try FileDescriptor.open(path, .readOnly, options: options)
      return try file.closeAfter {
        var status = stat()
        guard fstat(file.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw Errno.isDirectory }
        guard status.st_mode & S_IFMT == S_IFREG else { throw Errno.notSupported }
        return try bytes(of: file, limit: limit + 1)
      }
    } catch {
      throw .unreadable(path: path, errno: (error as? Errno ?? .ioError).rawValue)
    }
  }

  private static func bytes(of file: FileDescriptor, limit: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: min(limit, 64 << 10))
    while bytes.count < limit {
      let most = min(chunk.count, limit - bytes.count)
      let count = try chunk[..<most].withUnsafeMutableBytes { try file.read(into: $0) }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    return bytes
  }
}
