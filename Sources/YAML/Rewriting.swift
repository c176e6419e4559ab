// Edits of a text in any form. They change the bytes that they name and check nothing: whoever calls
// them reads the result again, and judges what it says.

extension Document {
  /// The text with another scalar in the place of one, in the same quotes.
  package func rewriting(scalar node: Node, as text: String) -> [UInt8] {
    let style =
      if case .scalar(_, let style) = node.content { style } else { Node.ScalarStyle.plain }
    // A value that is not written ends right after its colon or dash.
    return splicing(
      (node.range.isEmpty ? " " : "") + Scalar.written(text, like: style), over: node.range)
  }

  /// The text with another value in the place of a collection in brackets.
  package func rewriting(flow node: Node, as value: Value) -> [UInt8] {
    splicing(value.inline, over: node.range)
  }

  /// The text with a further entry of the root: a line before `limit` or at the end, or inside the
  /// braces.
  ///
  /// - Parameter limit: the offset of the beginning of a line.
  package func adding(_ entry: Value.Entry, before limit: Int? = nil) -> [UInt8] {
    let limit = limit ?? end
    guard let root, case .mapping(let entries, .flow) = root.content else {
      let lines = Margin(columns: (root?.column ?? 1) - 1).lines(entry)
      guard let limit else { return inserting(lines, afterLineOf: source.count) }
      return splicing(lines.map { $0 + newline }.joined(), over: limit..<limit)
    }
    let written = Scalar.quoted(entry.key) + ": " + entry.value.inline
    guard let last = entries.last else {
      return splicing(written, over: (root.range.upperBound - 1)..<(root.range.upperBound - 1))
    }
    let place = last.value.range.upperBound
    return splicing(", " + written, over: place..<place)
  }
}
