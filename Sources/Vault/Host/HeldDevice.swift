import Glibc

/// A device that is kept open while a step looks at it and writes it.
///
/// The kernel gives a name away only after everybody has let go of the device: what was looked at is
/// what is written, even if the disk is pulled out and another one plugged in. It is opened for
/// reading and claims nothing, for an exclusive claim would make an activation fail.
final class HeldDevice {
  private let descriptor: Int32

  init(_ path: String) throws {
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError("open", path, errno) }
  }

  /// Lets the device go. To be called once.
  func release() {
    close(descriptor)
  }
}
