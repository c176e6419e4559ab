import Vault

/// Markup. What is written in the source is markup; what is interpolated is text, and escaped.
///
/// So a name that a stranger chose cannot become markup: there is no way to interpolate a string as
/// such.
struct HTML: Sendable, ExpressibleByStringInterpolation {
  private(set) var text: String

  init(stringLiteral markup: StaticString) { text = markup.description }
  init(stringInterpolation parts: StringInterpolation) { text = parts.text }

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + interpolationCount * 32)
    }

    mutating func appendLiteral(_ markup: StaticString) { text += markup.description }
    mutating func appendInterpolation(_ foreign: String) { text += HTML.escaped(foreign) }
    mutating func appendInterpolation(_ number: Int) { text += String(number) }
    mutating func appendInterpolation(_ markup: HTML) { text += markup.text }
    mutating func appendInterpolation(_ markup: HTML?) { text += markup?.text ?? "" }
    mutating func appendInterpolation(_ markup: [HTML]) { for part in markup { text += part.text } }
  }

  /// Safe as content of an element and as a quoted attribute. Control characters are no part of a
  /// document, and those that turn the direction of writing make a name look like another one.
  private static func escaped(_ foreign: String) -> String {
    var text = ""
    for scalar in foreign.unicodeScalars {
      switch scalar {
      case "\n": text += "\n"
      case "\u{FFFE}", "\u{FFFF}",
        _ where scalar.isUnprintable:
        text += "\u{FFFD}"
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case "'": text += "&#39;"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
