import CCryptsetup
import Glibc
import SystemPackage

/// The bytes of a key, which are wiped as soon as nobody needs them any more.
///
/// It cannot be copied, printed or encoded. Its memory is locked against swapping as far as the
/// process's limit allows (libcryptsetup does that); core dumps are forbidden by
/// ``LUKSLibrary/secureProcess()``.
///
/// The corresponding C functions are `crypt_safe_alloc` and `crypt_safe_free`.
package struct Secret: ~Copyable {
  /// The most that cryptsetup reads from a key file: 8 MiB ("Maximum keyfile size", see
  /// `cryptsetup --help`).
  package static let maximumBytes = 8 << 20

  private var bytes: UnsafeMutableRawPointer
  /// The number of bytes, at least one.
  package private(set) var count: Int

  deinit { crypt_safe_free(bytes) }

  /// Random bytes from the kernel; `bits` is a positive multiple of 8.
  ///
  /// The corresponding C function is `getrandom`.
  package static func random(bits: Int) throws(LUKSError) -> Secret {
    precondition(bits > 0 && bits.isMultiple(of: 8), "a key has whole bytes")
    let secret = Secret(bytes: try allocate(bits / 8), count: bits / 8)
    var filled = 0
    while filled < secret.count {
      let got = getrandom(secret.bytes + filled, secret.count - filled, 0)
      if got > 0 {
        filled += got
      } else if errno != EINTR {
        throw .lastErrno("read random bytes for", "key")
      }
    }
    return secret
  }

  /// Everything up to the end of the file, byte for byte: newlines and NUL bytes count.
  ///
  /// Throws `secretEmpty` for no byte, and `secretTooLong` for more than `limit`.
  package static func read(
    from descriptor: FileDescriptor, named name: String, limit: Int = maximumBytes
  ) throws(LUKSError) -> Secret {
    var capacity = min(limit + 1, 4096)
    var secret = Secret(bytes: try allocate(capacity), count: 0)
    while true {
      let space = UnsafeMutableRawBufferPointer(
        start: secret.bytes + secret.count, count: capacity - secret.count)
      let got: Int
      do { got = try descriptor.read(into: space) } catch { throw .system(error, "read", name) }
      if got == 0 { break }
      secret.count += got
      guard secret.count <= limit else { throw .secretTooLong(name) }
      guard secret.count == capacity else { continue }
      capacity = min(limit + 1, capacity * 2)
      try secret.grow(to: capacity)
    }
    guard secret.count > 0 else { throw .secretEmpty(name) }
    return secret
  }

  /// A copy of bytes that the caller wipes.
  package static func copying(_ bytes: UnsafeRawBufferPointer) throws(LUKSError) -> Secret {
    guard let start = bytes.baseAddress, bytes.count > 0 else { throw .secretEmpty("key") }
    guard bytes.count <= maximumBytes else { throw .secretTooLong("key") }
    let secret = Secret(bytes: try allocate(bytes.count), count: bytes.count)
    secret.bytes.copyMemory(from: start, byteCount: bytes.count)
    return secret
  }

  /// A copy of bytes that the caller wipes, for example of `array.span.bytes`.
  ///
  /// A closure of the standard library's `withUnsafeBytes` cannot return a secret; this can.
  package static func copying(_ bytes: RawSpan) throws(LUKSError) -> Secret {
    guard bytes.byteCount > 0 else { throw .secretEmpty("key") }
    guard bytes.byteCount <= maximumBytes else { throw .secretTooLong("key") }
    let memory = try allocate(bytes.byteCount)
    bytes.withUnsafeBytes { memory.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
    return Secret(bytes: memory, count: bytes.byteCount)
  }

  /// Lends the bytes; they are gone when the secret is.
  package borrowing func withUnsafeBytes<R, E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> R
  ) throws(E) -> R {
    try body(UnsafeRawBufferPointer(start: bytes, count: count))
  }

  /// Whether both have the same bytes, in a time that depends on the lengths alone.
  package borrowing func equals(_ other: borrowing Secret) -> Bool {
    guard count == other.count else { return false }
    var difference: UInt8 = 0
    for index in 0..<count {
      let left = bytes.load(fromByteOffset: index, as: UInt8.self)
      difference |= left ^ other.bytes.load(fromByteOffset: index, as: UInt8.self)
    }
    return difference == 0
  }

  private static func allocate(_ count: Int) throws(LUKSError) -> UnsafeMutableRawPointer {
    guard let bytes = crypt_safe_alloc(count) else { throw noMemory }
    return bytes
  }

  /// Moves the bytes to larger memory; the old memory is wiped.
  ///
  /// The corresponding C function is `crypt_safe_realloc`.
  private mutating func grow(to capacity: Int) throws(LUKSError) {
    guard let larger = crypt_safe_realloc(bytes, capacity) else { throw Self.noMemory }
    bytes = larger
  }

  private static var noMemory: LUKSError {
    .failed(operation: "allocate memory for", object: "key", errno: ENOMEM, log: "")
  }
}
