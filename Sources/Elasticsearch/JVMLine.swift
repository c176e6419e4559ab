/// One line of `jvm.options`.
///
/// An option begins in the first column, or after a range of Java versions (`8-:`); a comment begins
/// with `#` in the first column. Elasticsearch does not start on any other line (`JvmOptionsParser`
/// in its source, the same from 6.8 to 9).
struct JVMLine: Equatable, Sendable {
  enum Content: Equatable, Sendable {
    case nothing
    case invalid
    /// For the given major versions of Java, nil for all; the range is that of the option's bytes.
    case option(String, java: ClosedRange<Int>?, range: Range<Int>)

    /// The option, and for which versions of Java; nil for all else.
    var words: String? {
      guard case .option(let text, let java, _) = self else { return nil }
      return "\(java.map { "\($0)" } ?? "") \(text)"
    }
  }

  /// Counted from 1.
  let number: Int
  let content: Content

  /// Reads a line without its end, whose first byte stands at `start` in the file.
  init(number: Int, _ bytes: ArraySlice<UInt8>) {
    self.number = number
    let blanks: [UInt8] = [0x20, 0x09, 0x0A, 0x0B, 0x0C, 0x0D]
    if bytes.first == UInt8(ascii: "#") || bytes.allSatisfy(blanks.contains) {
      content = .nothing
      return
    }
    guard let dash = Self.optionStart(bytes), !Self.hasSeparator(bytes) else {
      content = .invalid
      return
    }
    let prefix = bytes[..<dash]
    let option = Content.option(
      String(decoding: bytes[dash...], as: UTF8.self), java: nil, range: dash..<bytes.endIndex)
    guard !prefix.isEmpty else {
      content = option
      return
    }
    content =
      Self.versions(String(decoding: prefix.dropLast(), as: UTF8.self)).map {
        .option(
          String(decoding: bytes[dash...], as: UTF8.self), java: $0, range: dash..<bytes.endIndex)
      } ?? .invalid
  }

  /// Where the option begins: at once, or after the first colon of a prefix.
  private static func optionStart(_ bytes: ArraySlice<UInt8>) -> Int? {
    if bytes.first == UInt8(ascii: "-") { return bytes.startIndex }
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon + 1 < bytes.endIndex,
      bytes[colon + 1] == UInt8(ascii: "-")
    else { return nil }
    return colon + 1
  }

  /// Whether there is a character that ends no line for Java's reader, and that the dot of Java's
  /// regular expressions does not match all the same: U+0085, U+2028, U+2029.
  private static func hasSeparator(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.indices.contains {
      let rest = bytes[$0...]
      return switch bytes[$0] {
      case 0xC2: rest.starts(with: [0xC2, 0x85])
      case 0xE2: rest.starts(with: [0xE2, 0x80, 0xA8]) || rest.starts(with: [0xE2, 0x80, 0xA9])
      default: false
      }
    }
  }

  /// `8`, `8-` or `8-9`.
  private static func versions(_ text: String) -> ClosedRange<Int>? {
    let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = Decimal.number(parts[0], digits: 9) else { return nil }
    if parts.count == 1 { return first...first }
    if parts[1].isEmpty { return first...Int.max }
    guard let last = Decimal.number(parts[1], digits: 9), first <= last else { return nil }
    return first...last
  }
}
