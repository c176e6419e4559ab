import Glibc

/// Tells bytes that were never written from data.
///
/// A block is empty when its bytes are all 0x00 (a new or discarded disk) or all 0xFF (erased
/// flash). Empty blocks of both kinds may stand side by side, as on flash that was discarded in
/// part; within one block of 4 KiB a mix is data, for no erase leaves it.
enum Emptiness {
  /// The offset of the first 4 KiB block that is not empty, or nil.
  static func firstData(in bytes: UnsafeRawBufferPointer) -> Int? {
    // A whole chunk of one kind is the common case and costs one pass.
    if isUniform(bytes) { return nil }
    let block = Int(BlankSample.block)
    return stride(from: 0, to: bytes.count, by: block).first { start in
      let end = min(bytes.count, start + block)
      return !isUniform(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
    }
  }

  /// Whether every byte is 0x00, or every byte is 0xFF: the first one is, and each byte equals
  /// the one before it. The corresponding C function is `memcmp`.
  static func isUniform(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let first = bytes.first, let base = bytes.baseAddress else { return true }
    guard first == 0x00 || first == 0xFF else { return false }
    return memcmp(base, base + 1, bytes.count - 1) == 0
  }
}
