import Glibc
import SystemPackage

/// One esvault changes a machine at a time.
///
/// The lock is the kernel's, on an open file: it ends with the process, however that ends.
package final class MachineLock {
  package static let path = "/run/esvault.lock"
  private let command: String
  private let path: String
  private var descriptor: Int32 = -1

  /// - Throws: ``Refusal`` that says who holds the lock.
  package init(for command: String, path: String = MachineLock.path) throws {
    self.command = command
    self.path = path
    try hold()
  }

  /// Takes the lock where it was released; does nothing while it is held.
  ///
  /// - Throws: ``Refusal`` that says who holds the lock.
  package func hold() throws {
    guard descriptor < 0 else { return }
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw FileError("open", path, errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      var text = [UInt8](repeating: 0, count: 200)
      let count = max(0, pread(descriptor, &text, text.count, 0))
      close(descriptor)
      descriptor = -1
      let holder = String(decoding: text[..<count], as: UTF8.self)
      throw Refusal(
        "another esvault is at work: \(holder.isEmpty ? "it has just begun" : holder)",
        advice: "Wait until it has ended, then run the command again.")
    }
    let holder = Array("'esvault \(command)', process \(getpid())".utf8)
    ftruncate(descriptor, 0)
    pwrite(descriptor, holder, holder.count, 0)
  }

  package func release() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }

  deinit { release() }
}
