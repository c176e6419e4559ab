import Glibc

/// What stat(2) says of paths; a value, so that a made-up tree needs no device nodes.
struct DeviceFiles: Sendable {
  /// The number of the block device that a path, followed through links, is.
  var node: @Sendable (String) throws(BlockDeviceError) -> DeviceNumber
  /// The number of the filesystem that a file lies on; nil when there is no such file.
  var home: @Sendable (String) -> DeviceNumber?
  /// What is at a path whose last part is not followed.
  var entry: @Sendable (String) -> Entry = DeviceFiles.realEntry

  enum Entry: Equatable {
    case absent
    case link(to: String)
    /// Anything else, and the number of the filesystem that it is on.
    case there(on: DeviceNumber)
    case failed(errno: Int32)
  }

  static let real = DeviceFiles(
    node: { path throws(BlockDeviceError) in
      var status = stat()
      guard stat(path, &status) == 0 else {
        switch errno {
        case ENOENT, ENOTDIR, ENXIO, ENODEV: throw .noSuchDevice(path)
        default: throw .failed(verb: "examine", object: path, errno: errno)
        }
      }
      guard status.st_mode & S_IFMT == S_IFBLK else { throw .notABlockDevice(path) }
      return DeviceNumber(status.st_rdev)
    },
    home: { path in
      var status = stat()
      return stat(path, &status) == 0 ? DeviceNumber(status.st_dev) : nil
    })

  static func realEntry(_ path: String) -> Entry {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      return [ENOENT, ENOTDIR].contains(errno) ? .absent : .failed(errno: errno)
    }
    guard status.st_mode & S_IFMT == S_IFLNK else {
      return .there(on: DeviceNumber(status.st_dev))
    }
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &buffer, buffer.count)
    guard count > 0 else { return .failed(errno: errno) }
    // A name that is not of UTF-8 could not be asked for again.
    guard let target = String(validating: buffer[..<count], as: UTF8.self) else {
      return .failed(errno: EILSEQ)
    }
    return .link(to: target)
  }
}
