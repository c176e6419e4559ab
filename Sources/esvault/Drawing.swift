import Glibc

/// What a report may use to be read easily: colours on a terminal, line drawing where the locale has it.
struct Drawing {
  var hasColour = false
  var hasLines = false

  /// Bold, red, green and dim of ECMA-48 (console_codes(4)).
  enum Colour: String {
    case strong = "1"
    case alarm = "1;31"
    case fine = "32"
    case faint = "2"
  }

  /// As fits the terminal and the environment; see https://no-color.org.
  static var suited: Drawing {
    let isTerminal = isatty(1) == 1 && variable("TERM") != "dumb"
    return Drawing(hasColour: isTerminal && variable("NO_COLOR") == nil, hasLines: isUnicode)
  }

  /// A text in a colour; nothing in it can speak to the terminal.
  func paint(_ text: String, _ colour: Colour) -> String {
    let text = Terminal.printable(text)
    return hasColour && !text.isEmpty ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// Whether the locale's characters are UTF-8 (locale(7)).
  private static var isUnicode: Bool {
    let locale = variable("LC_ALL") ?? variable("LC_CTYPE") ?? variable("LANG") ?? ""
    return locale.uppercased().contains("UTF-8") || locale.uppercased().contains("UTF8")
  }

  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }
}
