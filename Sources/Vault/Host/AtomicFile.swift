import CLinux
import Glibc
import SystemPackage

/// A file that is read whole and replaced whole.
struct AtomicFile {
  /// Configurations are written by hand: a larger file is something else, and would eat the memory.
  static let greatestSize = 16 << 20
  /// What a new file is called until it is complete. Nobody else has such names: one that is there was
  /// left by an interrupted run.
  static let draftSuffix = ".esvault-new"
  let path: String

  init(_ path: String) {
    self.path = path
  }

  /// The file's bytes; nil where there is no file.
  ///
  /// - Throws: ``FileError``; also for a pipe or device, which might never end, and for more than
  ///   16 MiB.
  func bytes() throws -> [UInt8]? {
    do {
      // Without waiting: the opening of a named pipe would wait for somebody who writes.
      let file = try FileDescriptor.open(path, .readOnly, options: [.nonBlocking, .closeOnExec])
      defer { try? file.close() }
      var status = stat()
      guard fstat(file.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
      guard status.st_mode & S_IFMT != S_IFDIR else { throw Errno.isDirectory }
      guard status.st_mode & S_IFMT == S_IFREG else { throw Errno.notSupported }
      var bytes: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 64 << 10)
      while true {
        let count = try buffer.withUnsafeMutableBytes { try file.read(into: $0) }
        if count == 0 { return bytes }
        bytes += buffer[..<count]
        guard bytes.count <= Self.greatestSize else { throw Errno.fileTooLarge }
      }
    } catch Errno.noSuchFileOrDirectory {
      return nil
    } catch let error as Errno {
      throw FileError("read", path, error.rawValue)
    }
  }

  /// Replaces the file: the new one is complete and synced before it takes the old one's name.
  ///
  /// Owner, group, mode and extended attributes (SELinux label, ACLs) of the old file are kept; a file
  /// that did not exist gets the mode given, and the owner and group of its directory.
  ///
  /// - Parameters:
  ///   - keepingBackup: keep the old file beside the new one (``FileBackups``).
  ///   - followingLink: whether the file that a link means is replaced, and not the link.
  func replace(
    with bytes: [UInt8], mode: mode_t = 0o644, keepingBackup: Bool = false,
    followingLink: Bool = true
  ) throws {
    let target =
      followingLink ? try FileError.wrap("resolve", path) { try resolved() } : path
    let backups = FileBackups(of: target)
    let backup = keepingBackup ? try self.bytes().map { try backUp($0, of: target, backups) } : nil
    let draft = target + Self.draftSuffix
    do {
      try write(bytes, to: draft, like: target, mode: mode)
      guard rename(draft, target) == 0 else { throw FileError("replace", target, errno) }
    } catch {
      unlink(draft)
      // The file is as it was.
      if let backup { unlink(backup) }
      throw error
    }
    try Directories.sync(FilePath(target).removingLastComponent().string)
    if let backup { backups.prune(keeping: backup) }
  }

  /// Writes the old bytes beside the file, complete and synced before they get a name.
  private func backUp(_ bytes: [UInt8], of target: String, _ backups: FileBackups) throws -> String
  {
    let draft = target + Self.draftSuffix
    defer { unlink(draft) }
    try write(bytes, to: draft, like: target, mode: 0)
    let name = try backups.add(draft, at: time(nil))
    try Directories.sync(FilePath(target).removingLastComponent().string)
    return name
  }

  /// A configuration may be a symbolic link: the file that it means is replaced, not the link.
  private func resolved() throws -> String {
    if let real = FilePath.real(path) { return real }
    if errno == ENOENT { return path }
    throw Errno(rawValue: errno)
  }

  private func write(_ bytes: [UInt8], to draft: String, like target: String, mode: mode_t) throws {
    // What an interrupted run has left.
    unlink(draft)
    let descriptor = Glibc.open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw FileError("create", draft, errno) }
    defer { close(descriptor) }
    try FileError.wrap("write", draft) {
      _ = try FileDescriptor(rawValue: descriptor).writeAll(bytes)
    }
    try adopt(from: target, for: descriptor, draft: draft, mode: mode)
    guard fsync(descriptor) == 0 else { throw FileError("sync", draft, errno) }
  }

  private func adopt(from target: String, for descriptor: Int32, draft: String, mode: mode_t) throws
  {
    var status = stat()
    let exists = lstat(target, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    if !exists, stat(FilePath(target).removingLastComponent().string, &status) != 0 {
      throw FileError("look at", target, errno)
    }
    guard fchown(descriptor, status.st_uid, status.st_gid) == 0 else {
      throw FileError("set the owner of", draft, errno)
    }
    if exists { try copyAttributes(from: target, to: descriptor) }
    guard fchmod(descriptor, exists ? status.st_mode & 0o7777 : mode) == 0 else {
      throw FileError("set the mode of", draft, errno)
    }
  }

  private func copyAttributes(from target: String, to descriptor: Int32) throws {
    var names = [CChar](repeating: 0, count: 64 << 10)
    let length = listxattr(target, &names, names.count)
    guard length > 0 else { return }
    for name in names[..<length].split(separator: 0) {
      let name = name.map { $0 } + [0]
      var value = [UInt8](repeating: 0, count: 64 << 10)
      let size = getxattr(target, name, &value, value.count)
      guard size >= 0, fsetxattr(descriptor, name, value, size, 0) == 0 else {
        throw FileError("copy the extended attributes of", target, errno)
      }
    }
  }
}
