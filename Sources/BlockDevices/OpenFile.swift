import CBlkid
import Glibc

/// A device or plain file that is open for reading, and closed when nobody holds it any more; or a
/// partition of one, which then looks like a device of its own.
package struct OpenFile: ~Copyable {
  let descriptor: Int32
  package let path: String
  /// Where the part begins, in bytes of the whole; 0 for the whole.
  package let start: UInt64
  /// In bytes, as it was at the opening.
  package let size: UInt64
  /// The size of the whole.
  private let wholeSize: UInt64

  private init(descriptor: Int32, path: String, part: Range<UInt64>, wholeSize: UInt64) {
    self.descriptor = descriptor
    self.path = path
    start = part.lowerBound
    size = UInt64(part.count)
    self.wholeSize = wholeSize
  }

  deinit { close(descriptor) }

  /// Opens a block device or a regular file; anything else (a pipe would block, a directory has
  /// no bytes) is refused. Nothing is written, and no claim is taken on the device.
  ///
  /// - Parameter part: which bytes of it are meant; what of them lies beyond its end does not count.
  package static func reading(
    _ path: String, part: Range<UInt64>? = nil
  ) throws(BlockDeviceError) -> OpenFile {
    // Without O_NONBLOCK the opening of a pipe waits for somebody who writes.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else {
      throw .failed(verb: "open", object: path, errno: errno)
    }
    do {
      let size = try size(of: descriptor, path: path)
      return OpenFile(
        descriptor: descriptor, path: path, part: (part ?? 0..<size).clamped(to: 0..<size),
        wholeSize: size)
    } catch {
      close(descriptor)
      throw error
    }
  }

  private static func size(
    of descriptor: Int32, path: String
  ) throws(BlockDeviceError) -> UInt64 {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .failed(verb: "examine", object: path, errno: errno)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return UInt64(status.st_size)
    case S_IFBLK:
      var bytes: UInt64 = 0
      guard esvault_block_size64(descriptor, &bytes) == 0 else {
        throw .failed(verb: "measure", object: path, errno: errno)
      }
      return bytes
    default: throw .hasNoBytes(path)
    }
  }

  /// Fills the whole buffer from `offset`; a file that ends before is an error, not a short answer.
  func read(_ buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(BlockDeviceError) {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let place = off_t(start + offset) + off_t(done)
      let count = pread(descriptor, rest.baseAddress, rest.count, place)
      if count > 0 {
        done += count
      } else if count == 0 {
        throw .failed(verb: "read all of", object: path, errno: ENODATA)
      } else if errno != EINTR {
        throw .failed(verb: "read", object: path, errno: errno)
      }
    }
  }

  /// Has the kernel begin to read a range, and does not wait for it: of several the device answers many
  /// at a time. A range that cannot be read is told when it is read. The corresponding C function is
  /// `posix_fadvise`.
  func prefetch(_ range: Range<UInt64>) {
    posix_fadvise(
      descriptor, off_t(start + range.lowerBound), off_t(range.count), POSIX_FADV_WILLNEED)
  }

  /// Where data begins at or after `offset`: what lies before it is a hole of a sparse file, and reads
  /// as zeros. Where nobody knows of holes, as on a disk, that is `offset` itself.
  func dataStart(from offset: UInt64) -> UInt64 {
    // SEEK_DATA of lseek(2), which the Glibc module leaves out.
    let data = lseek(descriptor, off_t(start + offset), 3)
    if data >= 0 { return UInt64(data) - start }
    return errno == ENXIO ? size : offset
  }

  /// - Throws: ``BlockDeviceError/changed(_:)`` when it is not as large as at the opening any more.
  func requireSameSize() throws(BlockDeviceError) {
    guard try Self.size(of: descriptor, path: path) == wholeSize else {
      throw .changed(path)
    }
  }

  /// Drops clean cached pages, so that what is read next comes from the device: a page that was
  /// cached before another machine wrote to a shared disk would lie. Dirty pages stay, rightly:
  /// they are what the device will hold. The corresponding C function is `posix_fadvise`.
  func forgetCache() {
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
  }
}
