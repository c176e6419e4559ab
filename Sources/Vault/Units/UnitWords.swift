/// Takes a line of a unit file apart into words: systemd.syntax(7), "Quoting", and
/// `extract_first_word` in systemd's source with EXTRACT_UNQUOTE and EXTRACT_CUNESCAPE.
struct UnitWords {
  private var rest: Substring.UTF8View
  /// The words before what cannot be read, if there is such a thing: systemd keeps them, too.
  private(set) var words: [String] = []

  /// Words are separated by blanks. Single and double quotes hold words together, wherever they
  /// begin, and a backslash escapes as in C; an escape that C does not know ends the reading.
  static func split(_ text: some StringProtocol) -> [String] {
    var reader = UnitWords(rest: Substring(text).utf8)
    while reader.readWord() {}
    return reader.words
  }

  private init(rest: Substring.UTF8View) {
    self.rest = rest
  }

  private static let blanks: [UInt8] = [0x20, 0x09, 0x0a, 0x0d]

  private mutating func readWord() -> Bool {
    rest = rest.drop { Self.blanks.contains($0) }
    guard !rest.isEmpty else { return false }
    var word: [UInt8] = []
    var quote: UInt8?
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\\") {
        guard let bytes = readEscape() else { return false }
        word += bytes
      } else if byte == quote {
        quote = nil
      } else if quote == nil, byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
        quote = byte
      } else if quote == nil, Self.blanks.contains(byte) {
        break
      } else {
        word.append(byte)
      }
    }
    guard quote == nil else { return false }
    words.append(String(decoding: word, as: UTF8.self))
    return true
  }

  /// What stands behind a backslash.
  private mutating func readEscape() -> [UInt8]? {
    guard let byte = rest.popFirst() else { return nil }
    switch byte {
    case UInt8(ascii: "a"): return [0x07]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0c]
    case UInt8(ascii: "n"): return [0x0a]
    case UInt8(ascii: "r"): return [0x0d]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "v"): return [0x0b]
    case UInt8(ascii: "s"): return [0x20]
    case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"): return [byte]
    case UInt8(ascii: "x"): return readNumber(digits: 2, radix: 16).map { [UInt8($0)] }
    case UInt8(ascii: "u"): return readNumber(digits: 4, radix: 16).flatMap(Self.character)
    case UInt8(ascii: "U"): return readNumber(digits: 8, radix: 16).flatMap(Self.character)
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      guard let low = readNumber(digits: 2, radix: 8) else { return nil }
      return UInt8(exactly: UInt32(byte - UInt8(ascii: "0")) * 64 + low).map { [$0] }
    default: return nil
    }
  }

  private mutating func readNumber(digits: Int, radix: Int) -> UInt32? {
    let text = rest.prefix(digits)
    rest = rest.dropFirst(digits)
    guard text.count == digits, text.first != UInt8(ascii: "+"), text.first != UInt8(ascii: "-")
    else { return nil }
    return UInt32(Substring(text), radix: radix)
  }

  private static func character(_ number: UInt32) -> [UInt8]? {
    Unicode.Scalar(number).map { Array(String($0).utf8) }
  }
}
