@testable import Elasticsearch

/// State files of the node `_cRiw287SRyE7ChkYnWIww`.
enum NodeStateVectors {
  /// Captured from a real node of Elasticsearch 7.0.0, 71 bytes.
  static let realSevenZero = bytes(
    """
    3fd76c1705737461746500000001000000013a290a05fa866e6f64655f6964555f63526977323837535279453743686b\
    596e57497777fbc02893e800000000000000006e57a651
    """)

  /// Made, not captured: as Elasticsearch 7.6.2 writes it by its source, 89 bytes.
  static let madeSevenSix = bytes(
    """
    3fd76c1705737461746500000001000000013a290a05fa866e6f64655f6964555f63526977323837535279453743686b\
    596e574977778b6e6f64655f76657273696f6e240d3b5a96fbc02893e800000000000000008d7115b4
    """)

  /// Made, not captured: as Elasticsearch 8.17.0 writes it by its source, 115 bytes.
  static let madeEightSeventeen = bytes(
    """
    3fd76c1705737461746500000002010000003a290a05fa866e6f64655f6964555f63526977323837535279453743686b\
    596e574977778b6e6f64655f76657273696f6e240f4a53a6936f6c646573745f696e6465785f76657273696f6e241020\
    2990fbc02893e800000000000000008f823cdb
    """)

  static let all = [realSevenZero, madeSevenSix, madeEightSeventeen]

  /// A sound frame around a SMILE body, for bodies that no node writes.
  static func framed(_ body: [UInt8], version: UInt8 = 1) -> [UInt8] {
    let type: [UInt8] = version == 2 ? [1, 0, 0, 0] : [0, 0, 0, 1]
    let head: [UInt8] = [0x3F, 0xD7, 0x6C, 0x17, 5] + Array("state".utf8) + [0, 0, 0, version]
    return sealed(head + type + Array(":)\n".utf8) + [5] + body)
  }

  /// Footer and checksum behind any bytes.
  static func sealed(_ bytes: [UInt8]) -> [UInt8] {
    let covered = bytes + [0xC0, 0x28, 0x93, 0xE8, 0, 0, 0, 0]
    let sum = CRC32.checksum(covered)
    return covered + [0, 0, 0, 0] + (0..<4).map { UInt8(truncatingIfNeeded: sum >> (24 - 8 * $0)) }
  }

  private static func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = Array(hexadecimal)
    return stride(from: 0, to: digits.count, by: 2).map {
      UInt8(String(digits[$0...($0 + 1)]), radix: 16)!
    }
  }
}
