/// The part of SMILE, Jackson's binary JSON, in which nodes describe themselves: one object of short
/// keys with texts and whole numbers.
///
/// The bytes are those of the SMILE format specification 1.0 (FasterXML/smile-format-specification).
enum Smile {
  enum Value: Equatable {
    case text(String)
    case integer(Int64)
    /// Null, true, false: of no use here.
    case other

    var number: Int? {
      if case .integer(let value) = self { Int(value) } else { nil }
    }
  }

  /// Reads the header and one flat object, up to the end.
  static func fields(_ reader: inout ByteReader) throws(NodeStateError) -> [String: Value] {
    guard try reader.take(3).elementsEqual(":)\n".utf8) else {
      throw .body(problem: "it is not SMILE")
    }
    // Flags: 1 means that keys may be shared, 4 raw binary; the upper half is the version, 0.
    let flags = try reader.byte()
    guard flags & 0xF0 == 0 else { throw .body(problem: "a newer version of SMILE") }
    guard try reader.byte() == 0xFA else { throw .body(problem: "an object is missing") }
    var fields: [String: Value] = [:]
    while let key = try key(&reader) {
      guard fields.updateValue(try value(&reader), forKey: key) == nil else {
        throw .body(problem: "a key is given twice")
      }
    }
    guard reader.isAtEnd else { throw .body(problem: "something follows the object") }
    return fields
  }

  /// A short key, or nil at the end of the object.
  private static func key(_ reader: inout ByteReader) throws(NodeStateError) -> String? {
    let token = try reader.byte()
    switch token {
    case 0xFB: return nil
    case 0x80...0xBF: return try text(&reader, bytes: Int(token - 0x80) + 1)
    case 0xC0...0xF7: return try text(&reader, bytes: Int(token - 0xC0) + 2)
    default: throw .body(problem: "a key of kind \(String(token, radix: 16))")
    }
  }

  private static func value(_ reader: inout ByteReader) throws(NodeStateError) -> Value {
    let token = try reader.byte()
    switch token {
    case 0x20: return .text("")
    case 0x21...0x23: return .other
    case 0x24: return .integer(zigzag(try variable(&reader, bytes: 5)))
    case 0x25: return .integer(zigzag(try variable(&reader, bytes: 10)))
    case 0x40...0x5F: return .text(try text(&reader, bytes: Int(token - 0x40) + 1))
    case 0x60...0x7F: return .text(try text(&reader, bytes: Int(token - 0x60) + 33))
    case 0x80...0x9F: return .text(try text(&reader, bytes: Int(token - 0x80) + 2))
    case 0xA0...0xBF: return .text(try text(&reader, bytes: Int(token - 0xA0) + 34))
    case 0xC0...0xDF: return .integer(zigzag(UInt64(token & 0x1F)))
    default: throw .body(problem: "a value of kind \(String(token, radix: 16))")
    }
  }

  private static func text(
    _ reader: inout ByteReader, bytes count: Int
  ) throws(NodeStateError) -> String {
    guard let text = String(validating: try reader.take(count), as: UTF8.self) else {
      throw .body(problem: "a text is not UTF-8")
    }
    return text
  }

  /// Groups of seven bits, the most significant first; the last byte has its top bit set and six.
  private static func variable(
    _ reader: inout ByteReader, bytes most: Int
  ) throws(NodeStateError) -> UInt64 {
    var result: UInt64 = 0
    for _ in 0..<most {
      let byte = try reader.byte()
      if byte & 0x80 != 0 { return result << 6 | UInt64(byte & 0x3F) }
      result = result << 7 | UInt64(byte)
    }
    throw .body(problem: "a number is too long")
  }

  private static func zigzag(_ value: UInt64) -> Int64 {
    Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }
}
