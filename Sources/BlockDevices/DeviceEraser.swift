import Glibc

/// Destroys what a block device holds.
///
/// Without signatures nothing finds the old data by accident; without its sectors nobody finds it at
/// all. What of the two is reached depends on the disk: discarded sectors read as zeros on most, and
/// as before on some, so only writing over everything is certain.
package struct DeviceEraser {
  private let path: String
  private let bytes: UInt64
  private static let chunk = 4 << 20
  /// From linux/fs.h: BLKDISCARD is _IO(0x12, 119), BLKRRPART is _IO(0x12, 95).
  private static let discard: UInt = 0x1277
  private static let readPartitions: UInt = 0x125f

  package init(path: String, bytes: UInt64) {
    self.path = path
    self.bytes = bytes
  }

  /// Discards the device where it can, and writes zeros: over every sector, or over the places where
  /// signatures are (the first 32 MiB and the last MiB).
  ///
  /// - Parameter progress: is told how many bytes are written, of how many.
  package func erase(
    everySector: Bool, progress: (UInt64, UInt64) -> Void
  ) throws(BlockDeviceError) {
    // Exclusive: a device that somebody has mounted or mapped meanwhile is not touched.
    let device = open(path, O_RDWR | O_EXCL | O_CLOEXEC)
    guard device >= 0 else { throw failure("open") }
    defer { close(device) }
    if everySector {
      try zero(device, 0..<bytes, of: bytes, progress)
    } else {
      var range: (UInt64, UInt64) = (0, bytes)
      // Many disks cannot: then the zeros must do.
      _ = ioctl(device, Self.discard, &range)
      try zero(device, head, of: head.upperBound, progress)
      try zero(device, tail, of: bytes, { _, _ in })
    }
    guard fsync(device) == 0 else { throw failure("sync") }
    posix_fadvise(device, 0, 0, POSIX_FADV_DONTNEED)
    // Fails on devices that have no partitions.
    _ = ioctl(device, Self.readPartitions, 0)
  }

  private var head: Range<UInt64> { 0..<min(bytes, 32 << 20) }
  private var tail: Range<UInt64> { max(head.upperBound, bytes - min(bytes, 1 << 20))..<bytes }

  /// Whether the places of signatures are empty, as an erasure leaves them.
  package func hasErased() throws(BlockDeviceError) -> Bool {
    let file = try OpenFile.reading(path)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.chunk, alignment: 4096)
    defer { buffer.deallocate() }
    for range in [head, tail] {
      var offset = range.lowerBound
      while offset < range.upperBound {
        let count = min(Self.chunk, Int(range.upperBound - offset))
        let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
        try file.read(part, at: offset)
        guard Emptiness.firstData(in: UnsafeRawBufferPointer(part)) == nil else { return false }
        offset += UInt64(count)
      }
    }
    return true
  }

  private func zero(
    _ device: Int32, _ range: Range<UInt64>, of total: UInt64, _ progress: (UInt64, UInt64) -> Void
  ) throws(BlockDeviceError) {
    let zeros = [UInt8](repeating: 0, count: Self.chunk)
    var offset = range.lowerBound
    while offset < range.upperBound {
      let count = pwrite(
        device, zeros, min(zeros.count, Int(range.upperBound - offset)), off_t(offset))
      guard count > 0 else { throw failure("write zeros to") }
      offset += UInt64(count)
      // Written back as we go, so that an error is noticed here and progress is true.
      if offset % (256 << 20) < UInt64(count), fdatasync(device) != 0 {
        throw failure("write zeros to")
      }
      progress(offset, total)
    }
  }

  private func failure(_ verb: String) -> BlockDeviceError {
    .failed(verb: verb, object: path, errno: errno)
  }
}
