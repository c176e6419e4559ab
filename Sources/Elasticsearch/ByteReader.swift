/// Reads bytes from the front, and never past the end.
struct ByteReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func byte() throws(NodeStateError) -> UInt8 {
    guard let byte = rest.popFirst() else { throw .truncated }
    return byte
  }

  mutating func take(_ count: Int) throws(NodeStateError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= rest.count else { throw .truncated }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  mutating func skip(_ count: Int) throws(NodeStateError) { _ = try take(count) }

  mutating func bigEndian32() throws(NodeStateError) -> UInt32 {
    try take(4).reduce(0) { $0 << 8 | UInt32($1) }
  }
}

/// What Lucene's `DataInput` reads; a number that would be negative is damage everywhere here.
extension ByteReader {
  /// A count in four bytes, the most significant first.
  mutating func count() throws(NodeStateError) -> Int {
    let value = try bigEndian32()
    guard value <= UInt32(Int32.max) else { throw .body(problem: "a count is negative") }
    return Int(value)
  }

  /// Groups of seven bits, the least significant first; every byte but the last has its top bit set.
  /// `vInt` has up to five bytes, `vLong` up to nine.
  mutating func variable(_ most: VariableLength) throws(NodeStateError) -> Int {
    var result: UInt64 = 0
    for place in 0..<most.rawValue {
      let byte = try byte()
      result |= UInt64(byte & 0x7F) << (7 * place)
      if byte & 0x80 == 0 {
        guard result <= most.greatest else { break }
        return Int(result)
      }
    }
    throw .body(problem: "a number is too long")
  }

  /// A text, after its length in bytes.
  mutating func text() throws(NodeStateError) -> String {
    guard let text = String(validating: try take(variable(.vInt)), as: UTF8.self) else {
      throw .body(problem: "a text is not UTF-8")
    }
    return text
  }

  mutating func skipText() throws(NodeStateError) { try skip(variable(.vInt)) }
}

/// Lucene's numbers of varying length, by the most bytes that they have.
enum VariableLength: Int {
  case vInt = 5
  case vLong = 9

  var greatest: UInt64 { self == .vInt ? UInt64(Int32.max) : UInt64(Int64.max) }
}
