import Glibc
import SystemPackage

/// The immutable attribute of a directory, as chattr(1) sets it with `+i`.
///
/// Nobody, not even root, makes a file in an immutable directory. It is the guard under the mount
/// point: while the volume is not mounted, nothing can be written where it belongs.
enum ImmutableFlag {
  // linux/fs.h: FS_IOC_GETFLAGS is _IOR('f', 1, long), FS_IOC_SETFLAGS is _IOW('f', 2, long).
  private static let getFlags: UInt = 0x8008_6601
  private static let setFlags: UInt = 0x4008_6602
  /// FS_IMMUTABLE_FL.
  private static let immutable: Int32 = 0x10

  static func isSet(on path: String) throws -> Bool {
    try withDirectory(path) { try flags(of: $0, path) & immutable != 0 }
  }

  /// The same for a directory below an open one.
  static func isSet(on path: String, in directory: Int32) throws -> Bool {
    let descriptor = openat(directory, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw FileError("open", path, errno) }
    defer { close(descriptor) }
    return try flags(of: descriptor, path) & immutable != 0
  }

  /// Whether the filesystem that a directory is on, or would be made on, has the attribute.
  static func isSupported(above path: String) -> Bool {
    var place = FilePath(path)
    while access(place.string, F_OK) != 0, place.removeLastComponent() {}
    return (try? isSet(on: place.string)) != nil
  }

  static func set(on path: String) throws {
    try withDirectory(path) { descriptor in
      // The kernel reads an int here, whatever the request's name says.
      var flags = try flags(of: descriptor, path) | immutable
      guard ioctl(descriptor, setFlags, &flags) == 0 else {
        throw FileError("make immutable the directory", path, errno)
      }
      guard fsync(descriptor) == 0 else { throw FileError("sync", path, errno) }
    }
  }

  private static func flags(of descriptor: Int32, _ path: String) throws -> Int32 {
    var flags: Int32 = 0
    guard ioctl(descriptor, getFlags, &flags) == 0 else {
      throw FileError("read the attributes of", path, errno)
    }
    return flags
  }

  private static func withDirectory<Result>(
    _ path: String, _ work: (Int32) throws -> Result
  ) throws -> Result {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw FileError("open", path, errno) }
    defer { close(descriptor) }
    return try work(descriptor)
  }
}
