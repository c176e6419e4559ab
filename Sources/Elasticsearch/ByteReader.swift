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

  mutating func bigEndian32() throws(NodeStateError) -> UInt32 {
    try take(4).reduce(0) { $0 << 8 | UInt32($1) }
  }
}
