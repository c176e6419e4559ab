import Glibc
import SystemPackage

/// What can go wrong with an encrypted device or a key.
///
/// Texts name the object and the cause, and never contain a byte of a key.
package enum LUKSError: Error, Equatable, CustomStringConvertible {
  /// No keyslot opens with this key.
  case wrongKey(device: String)
  /// A mapping with this name exists already.
  case nameInUse(String)
  /// The device or mapping is in use.
  case deviceBusy(String)
  /// There is no mapping with this name.
  case notActive(String)
  /// The mapping exists, but it is not one of LUKS.
  case notAnEncryptedMapping(String)
  /// A LUKS signature is there, and no usable header: damaged or truncated, never blank.
  case unreadableHeader(device: String, log: String)
  case secretEmpty(String)
  case secretTooLong(String)
  /// Everything else; `errno` is positive, `log` is what the library said about it.
  case failed(operation: String, object: String, errno: Int32, log: String)

  package var description: String {
    switch self {
    case .wrongKey(let device): "could not open '\(device)': no keyslot matches this key"
    case .nameInUse(let name): "could not open '\(name)': a mapping with this name exists"
    case .deviceBusy(let object): "could not use '\(object)': it is busy"
    case .notActive(let name): "could not find '\(name)': there is no such mapping"
    case .notAnEncryptedMapping(let name):
      "could not use '\(name)': the mapping exists, but is not a LUKS volume"
    case .unreadableHeader(let device, let log):
      "could not read the header of '\(device)': it is damaged" + Self.detail(log)
    case .secretEmpty(let name): "could not use '\(name)': the key is empty"
    case .secretTooLong(let name): "could not use '\(name)': the key is too long"
    case .failed(let operation, let object, let errno, let log):
      "could not \(operation) '\(object)': \(Errno(rawValue: errno))" + Self.detail(log)
    }
  }

  private static func detail(_ log: String) -> String { log.isEmpty ? "" : " (\(log))" }

  /// The failure of the system call that just returned -1.
  static func lastErrno(_ operation: String, _ object: String) -> LUKSError {
    .failed(operation: operation, object: object, errno: errno, log: "")
  }

  /// The catch-all for an error that swift-system threw.
  static func system(_ error: any Error, _ operation: String, _ object: String) -> LUKSError {
    let code = (error as? Errno)?.rawValue ?? EIO
    return .failed(operation: operation, object: object, errno: code, log: "")
  }

  /// Returns a result that is not negative, and throws what a negative errno means here.
  ///
  /// - Parameter named: the cases that this call gives to an errno; else ``failed``.
  @discardableResult
  static func check(
    _ result: Int32, _ operation: String, _ object: String, log: Log,
    named: (Int32) -> LUKSError? = { _ in nil }
  ) throws(LUKSError) -> Int32 {
    let lines = log.take()
    guard result < 0 else { return result }
    throw named(-result)
      ?? .failed(operation: operation, object: object, errno: -result, log: lines)
  }
}
