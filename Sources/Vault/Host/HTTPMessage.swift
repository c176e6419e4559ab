/// An answer of HTTP/1.1, as far as asking a node needs it (RFC 9112).
struct HTTPMessage: Equatable {
  let status: Int
  let body: [UInt8]

  /// What the bytes that have come so far are.
  enum Reading: Equatable {
    case complete(HTTPMessage)
    case unfinished
    case notHTTP
  }

  /// More than any header of a node.
  private static let greatestHeader = 64 << 10

  /// - Parameter isAtEnd: whether the other side has closed: no more will come.
  static func read(_ bytes: [UInt8], isAtEnd: Bool) -> Reading {
    let start = Array("HTTP/1.".utf8)
    guard bytes.prefix(start.count).elementsEqual(start.prefix(bytes.count)) else {
      return .notHTTP
    }
    guard let end = endOfHeader(bytes) else {
      return isAtEnd || bytes.count > greatestHeader ? .notHTTP : .unfinished
    }
    let lines = String(decoding: bytes[..<end], as: UTF8.self).split(whereSeparator: \.isNewline)
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count >= 2, words[1].utf8.count == 3, let status = Int(words[1]) else {
      return .notHTTP
    }
    guard let body = body(bytes[(end + 4)...], lines.dropFirst(), isAtEnd: isAtEnd) else {
      return isAtEnd ? .notHTTP : .unfinished
    }
    return .complete(HTTPMessage(status: status, body: body))
  }

  /// Where the empty line begins that ends the header.
  private static func endOfHeader(_ bytes: [UInt8]) -> Int? {
    let limit = min(bytes.count, greatestHeader) - 3
    guard limit > 0 else { return nil }
    return (0..<limit).first { bytes[$0..<$0 + 4].elementsEqual([13, 10, 13, 10]) }
  }

  /// The body, nil while it is not complete.
  private static func body(
    _ rest: ArraySlice<UInt8>, _ fields: some Sequence<Substring>, isAtEnd: Bool
  ) -> [UInt8]? {
    var length: Int?
    for field in fields {
      let parts = field.split(separator: ":", maxSplits: 1).map {
        $0.drop { $0 == " " }.lowercased()
      }
      guard parts.count == 2 else { continue }
      if parts[0] == "transfer-encoding", parts[1].hasSuffix("chunked") { return chunks(rest) }
      if parts[0] == "content-length" { length = Int(parts[1]) }
    }
    guard let length else { return isAtEnd ? Array(rest) : nil }
    return length >= 0 && length <= rest.count ? Array(rest.prefix(length)) : nil
  }

  /// Pieces, each after its length to the base 16 on a line of its own; one of length 0 ends them.
  private static func chunks(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
    var rest = bytes
    var body: [UInt8] = []
    while let end = rest.firstIndex(of: 10) {
      let digits = rest[..<end].prefix { $0 != 13 && $0 != UInt8(ascii: ";") }
      guard digits.count <= 7, let length = Int(String(decoding: digits, as: UTF8.self), radix: 16),
        length >= 0
      else { return nil }
      rest = rest[(end + 1)...]
      if length == 0 { return body }
      guard rest.count >= length + 2 else { return nil }
      body += rest.prefix(length)
      rest = rest.dropFirst(length + 2)
    }
    return nil
  }
}
