import Glibc

/// What stat(2) says of paths; a value, so that a made-up tree needs no device nodes.
struct DeviceFiles: Sendable {
  /// The number of the block device that a path, followed through links, is.
  var node: @Sendable (String) throws(BlockDeviceError) -> DeviceNumber
  /// The number of the filesystem that a file lies on; nil when there is no such file.
  var home: @Sendable (String) -> DeviceNumber?

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
}
