/// One file of a systemd unit: the unit's own, or a drop-in.
package struct UnitFile: Equatable, Sendable {
  package let path: String
  package let assignments: [Assignment]

  /// `Key=value` in a section.
  package struct Assignment: Equatable, Sendable {
    package let section: String
    package let key: String
    package let value: String
    /// Counted from 1; of a value that goes on over several lines, the first.
    package let line: Int
  }

  /// Reads a file as systemd.syntax(7) says. What systemd would ignore is ignored.
  package init(path: String, text: String) {
    self.path = path
    var assignments: [Assignment] = []
    var section = ""
    for (line, text) in Self.logicalLines(text) {
      if text.hasPrefix("["), text.hasSuffix("]") {
        section = String(text.dropFirst().dropLast())
      } else if let sign = text.firstIndex(of: "=") {
        assignments.append(
          Assignment(
            section: section, key: String(text[..<sign].strippingBlanks),
            value: String(text[text.index(after: sign)...].strippingBlanks), line: line))
      }
    }
    self.assignments = assignments
  }

  /// The lines that say something: a backslash at the end of one means that it goes on in the next.
  /// A comment in between is left out, and ends nothing.
  private static func logicalLines(_ text: String) -> [(Int, Substring)] {
    var lines: [(Int, Substring)] = []
    var begun: (number: Int, text: String)?
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let line = line.drop(while: \.isBlank)
      if line.first == "#" || line.first == ";" { continue }
      let text = (begun?.text ?? "") + line
      let number = begun?.number ?? index + 1
      if !text.reversed().prefix(while: { $0 == "\\" }).count.isMultiple(of: 2) {
        begun = (number, text.dropLast() + " ")
      } else {
        begun = nil
        lines.append((number, Substring(text).strippingBlanks))
      }
    }
    if let begun { lines.append((begun.number, Substring(begun.text).strippingBlanks)) }
    return lines.filter { !$0.1.isEmpty }
  }
}

extension Character {
  /// What systemd takes for a blank.
  var isBlank: Bool {
    self == " " || self == "\t" || self == "\r" || self == "\n" || self == "\r\n"
  }
}

extension Substring {
  var strippingBlanks: Substring {
    var text = drop(while: \.isBlank)
    while text.last?.isBlank == true { text.removeLast() }
    return text
  }
}
