/// The checksum of zlib, Ethernet and Lucene's footers.
enum CRC32 {
  /// One entry for each value of a byte; 0xEDB88320 is the polynomial with its bits reversed
  /// (RFC 1952, section 8).
  private static let table: [UInt32] = (0..<256).map { (byte: UInt32) in
    (0..<8).reduce(byte) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
  }

  static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { $0 >> 8 ^ table[Int(($0 ^ UInt32($1)) & 0xFF)] }
  }
}
