import CLinux
import Glibc
import LUKS
import SystemPackage

/// A key that esvault makes: 512 bits from the kernel.
package struct GeneratedKey {
  /// As long as the volume key that it protects.
  package static let bits = 512

  /// Makes a key, stores it in a new file, and reads it back.
  ///
  /// Losing the key loses the data: the disk depends on the key only after the file and its directory
  /// are synced and the copy was compared. A file that exists is never overwritten. A run that is
  /// interrupted leaves a file under another name at most, which the next run replaces.
  package static func store(at path: String) throws {
    let key = try Secret.random(bits: bits)
    let directory = FilePath(path).removingLastComponent().string
    try Directories.make(directory, mode: 0o700)
    let draft = path + AtomicFile.draftSuffix
    unlink(draft)
    let file = try FileError.wrap("create", draft) {
      try FileDescriptor.open(
        draft, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec, .noFollow],
        permissions: [.ownerRead])
    }
    do {
      defer { try? file.close() }
      try FileError.wrap("write", draft) {
        try key.withUnsafeBytes { _ = try file.writeAll($0) }
        guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
      }
      // A file that exists already is never replaced: renameat2(2).
      guard esvault_rename_new(draft, path) == 0 else {
        throw FileError("create", path, errno)
      }
    } catch {
      unlink(draft)
      throw error
    }
    try Directories.sync(directory)
    let same = try KeyFile(path).withKey { stored in stored.equals(key) }
    guard same else { throw FileError("read back the key from", path, EIO) }
  }
}
