import Glibc

extension BlockDeviceError {
  /// The C library's words for an error number; the corresponding C function is `strerror_r`.
  static func text(of number: Int32) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
      guard strerror_r(number, buffer.baseAddress!, buffer.count) == 0 else {
        return "error \(number)"
      }
      return String(cString: buffer.baseAddress!)
    }
  }
}
