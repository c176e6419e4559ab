import CCryptsetup
import Synchronization

/// The lines that libcryptsetup would otherwise print to the terminal.
///
/// An error number alone rarely says why; these lines do, so they end up in ``LUKSError``.
final class Log: Sendable {
  private let lines = Mutex<[String]>([])

  /// Removes and returns what was logged so far, joined by "; ".
  func take() -> String {
    lines.withLock { lines in
      defer { lines.removeAll() }
      return lines.joined(separator: "; ")
    }
  }

  private func append(_ message: UnsafePointer<CChar>?) {
    guard let message else { return }
    var line = String(cString: message)
    while line.last?.isWhitespace == true { line.removeLast() }
    if line.last == "." { line.removeLast() }
    guard !line.isEmpty else { return }
    lines.withLock { $0.append(line) }
  }

  /// Receives the lines of one handle, or with nil, those written without a handle.
  ///
  /// The log must outlive the handle: the library keeps an unretained pointer.
  ///
  /// The corresponding C function is `crypt_set_log_callback`.
  func receive(from handle: OpaquePointer?) {
    let context = Unmanaged.passUnretained(self).toOpaque()
    crypt_set_log_callback(
      handle,
      { level, message, context in
        guard let context, level == CRYPT_LOG_NORMAL || level == CRYPT_LOG_ERROR else { return }
        Unmanaged<Log>.fromOpaque(context).takeUnretainedValue().append(message)
      }, context)
  }

  /// What is logged without a handle, for example while a handle is being made.
  static let global: Log = {
    let log = Log()
    log.receive(from: nil)
    return log
  }()
}

/// libcryptsetup as a whole, and what it needs of the process.
///
/// The library is not thread-safe: use one thread at a time. Only ``Header/read(from:part:)`` sees to
/// that itself.
package enum LUKSLibrary {
  /// Whose turn it is to use the library.
  static let turn = Mutex(())

  /// Keeps the library from ever printing to the terminal; calling it again is harmless.
  package static func captureLog() {
    _ = Log.global
  }

  /// Keeps keys out of core dumps and away from other processes of the same user.
  ///
  /// A core dump would write every key in memory to the unencrypted root disk. Sets RLIMIT_CORE
  /// to zero and clears PR_SET_DUMPABLE; see core(5) and prctl(2).
  package static func secureProcess() throws(LUKSError) {
    guard esvault_forbid_core_dumps() == 0 else {
      throw .lastErrno("forbid core dumps of", "esvault")
    }
  }
}
