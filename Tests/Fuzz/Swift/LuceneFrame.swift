/// The frame that Lucene puts around a file, once more and in another way than the product's: so that a
/// fuzzer's inputs get behind the checksum, and so that what is accepted can be judged.
enum LuceneFrame {
  private static let magic: [UInt8] = [0x3F, 0xD7, 0x6C, 0x17]

  static func header(_ name: String, version: UInt8) -> [UInt8] {
    magic + [UInt8(name.utf8.count)] + Array(name.utf8) + [0, 0, 0, version]
  }

  static func sealed(_ content: [UInt8]) -> [UInt8] {
    let covered = content + magic.map { ~$0 } + [0, 0, 0, 0]
    return covered + checksum(covered)
  }

  static func isSealed(_ file: [UInt8]) -> Bool {
    file.count >= 16 && file.elementsEqual(sealed(file.dropLast(16)))
  }

  /// Some of the ways in which a file can be damaged: a byte changed, for which the file itself says
  /// where and how; the last byte missing; one byte more.
  static func damages(of file: [UInt8]) -> [[UInt8]] {
    let seed = Int(crc(file))
    var altered = file
    altered[seed % file.count] ^= UInt8(seed >> 16 & 0xFF) | 1
    return [altered, file.dropLast(), file + [0]]
  }

  /// The checksum as eight bytes.
  private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
    let sum = crc(bytes)
    return [0, 0, 0, 0] + [24, 16, 8, 0].map { UInt8(sum >> $0 & 0xFF) }
  }

  /// CRC-32 bit by bit, with the most significant bit first, as a division of polynomials is written
  /// down; the bits of each byte and of the result are turned round.
  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    var rest: UInt32 = .max
    for byte in bytes {
      rest ^= UInt32(reversed(byte)) << 24
      for _ in 0..<8 { rest = rest & 0x8000_0000 != 0 ? rest << 1 ^ 0x04C1_1DB7 : rest << 1 }
    }
    return reversed(~rest)
  }

  private static func reversed<Number: FixedWidthInteger>(_ number: Number) -> Number {
    (0..<Number.bitWidth).reduce(0) { $0 << 1 | number >> $1 & 1 }
  }
}
