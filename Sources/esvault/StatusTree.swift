import Vault

/// A volume's chain as a tree for people: at most 80 columns, what is wrong first.
struct StatusTree {
  static let columns = 80
  private static let valueColumn = 24
  private let report: ChainReport
  private let drawing: Drawing

  init(_ report: ChainReport, _ drawing: Drawing) {
    self.report = report
    self.drawing = drawing
  }

  var text: String { ([heading] + alarms + [""] + branches).joined(separator: "\n") }

  private var heading: String {
    let name = drawing.paint(report.spec.name, .strong)
    switch report.problems.count {
    case 0:
      let words =
        report.status.unknown.isEmpty ? "in order" : "in order, as far as seen without root"
      return "\(name)  \(drawing.paint(words, .fine))"
    case 1: return "\(name)  \(drawing.paint("1 problem", .alarm))"
    case let count: return "\(name)  \(drawing.paint("\(count) problems", .alarm))"
    }
  }

  private var alarms: [String] {
    report.problems.flatMap { problem in
      Self.lines(of: problem.description, width: Self.columns - 2).enumerated().map {
        drawing.paint(($0.offset == 0 ? "! " : "  ") + $0.element, .alarm)
      }
        + Self.lines(of: problem.advice, width: Self.columns - 2).map {
          Terminal.printable("  " + $0)
        }
    }
  }

  private var branches: [String] {
    let links = ChainLinks(report).all
    return links.enumerated().flatMap { level, link in
      branch(link, level, hasChild: level < links.count - 1)
    }
  }

  private func branch(_ link: ChainLink, _ level: Int, hasChild: Bool) -> [String] {
    let (corner, pipe) = drawing.hasLines ? ("└─ ", "│") : ("`- ", "|")
    let indent = String(repeating: " ", count: max(0, level - 1) * 3)
    let first = level == 0 ? "" : indent + corner
    let next = (level == 0 ? "" : indent + "   ") + (hasChild ? pipe : "")
    let lines = link.values.flatMap { value in
      Self.lines(of: value.text, width: Self.columns - Self.valueColumn).map {
        value.isFaint ? drawing.paint($0, .faint) : Terminal.printable($0)
      }
    }
    return lines.enumerated().map { index, line in
      let (stem, label) = index == 0 ? (first, link.label) : (next, "")
      let gap = max(0, Self.valueColumn - stem.count - label.count)
      return drawing.paint(stem, .faint) + label + String(repeating: " ", count: gap) + line
    }
  }

  /// The text in lines that are not wider; broken at blanks, and within a word where it must be.
  static func lines(of text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(whereSeparator: \.isWhitespace) {
      var word = word
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      while word.count > width {
        lines.append(String(word.prefix(width)))
        word = word.dropFirst(width)
      }
      line += line.isEmpty ? word : " " + word
    }
    return lines + [line]
  }
}
