/// A text of several lines behind a label: the lines begin below one another.
struct Paragraph {
  static let columns = 80
  let label: String
  let text: String

  init(_ label: String, _ text: String) {
    self.label = label
    self.text = text
  }

  /// At most 80 columns; nothing in them can speak to the terminal.
  func lines(_ drawing: Drawing = Drawing(), _ colour: Drawing.Colour? = nil) -> [String] {
    let margin = String(repeating: " ", count: label.count)
    return StatusTree.lines(of: text, width: Self.columns - label.count).enumerated().map {
      let start = $0.offset == 0 ? colour.map { drawing.paint(label, $0) } ?? label : margin
      return start + Terminal.printable($0.element)
    }
  }
}
