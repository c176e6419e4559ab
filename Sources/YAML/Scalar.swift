/// How the text of a scalar is written down.
package enum Scalar {
  /// A text as a scalar: plain where every reader of YAML takes it for this text, otherwise in
  /// double quotes.
  package static func quoted(_ text: String) -> String {
    isSafePlain(text) ? text : doubleQuoted(text)
  }

  /// A text in the style that a scalar had before, where the style can hold it.
  static func written(_ text: String, like style: Node.ScalarStyle) -> String {
    switch style {
    case .singleQuoted where text.unicodeScalars.allSatisfy(isPrintable):
      "'" + text.unicodeScalars.map { $0 == "'" ? "''" : String($0) }.joined() + "'"
    case .singleQuoted, .doubleQuoted: doubleQuoted(text)
    default: quoted(text)
    }
  }

  static func doubleQuoted(_ text: String) -> String {
    "\"" + text.unicodeScalars.map(escaped).joined() + "\""
  }

  private static func escaped(_ character: Unicode.Scalar) -> String {
    switch character {
    case "\"": "\\\""
    case "\\": "\\\\"
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    case _ where isPrintable(character): String(character)
    case _ where character.value <= 0xFF: "\\x" + hexadecimal(character.value, digits: 2)
    case _ where character.value <= 0xFFFF: "\\u" + hexadecimal(character.value, digits: 4)
    default: "\\U" + hexadecimal(character.value, digits: 8)
    }
  }

  private static func hexadecimal(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: digits - text.count) + text
  }

  /// Printable on one line (YAML 1.1, section 4.1, without the line breaks and the byte order mark).
  private static func isPrintable(_ character: Unicode.Scalar) -> Bool {
    switch character.value {
    case 0x2028, 0x2029, 0xFEFF: false
    case 0x20...0x7E, 0xA0...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
    default: false
    }
  }

  /// Whether a text stays this text without quotes, inside brackets as well.
  private static func isSafePlain(_ text: String) -> Bool {
    guard let first = text.utf8.first, text.utf8.allSatisfy(isHarmless), text.utf8.last != colon
    else { return false }
    if words.contains(text.lowercased()) { return false }
    switch first {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "/"), UInt8(ascii: "_"):
      return true
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      // No number and no date has four dashes; a UUID has.
      return text.utf8.count { $0 == UInt8(ascii: "-") } >= 4 && !text.utf8.contains(colon)
    default:
      return false
    }
  }

  private static let colon = UInt8(ascii: ":")
  /// What YAML 1.1 takes for null and for truth values.
  private static let words: Set<String> = [
    "null", "true", "false", "yes", "no", "on", "off", "y", "n",
  ]

  private static func isHarmless(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: Array("_./-+@=:".utf8).contains(byte)
    }
  }
}
