extension Document {
  func splicing(_ text: String, over range: Range<Int>) -> [UInt8] {
    source[..<range.lowerBound] + Array(text.utf8) + source[range.upperBound...]
  }

  /// Puts whole lines after the line that holds the byte before `place`; a text whose last line has
  /// no end of line keeps it that way.
  func inserting(_ lines: [String], afterLineOf place: Int) -> [UInt8] {
    let text = lines.joined(separator: newline)
    let feed = UInt8(ascii: "\n")
    if place == 0 || source[..<place] == Document.byteOrderMark[...] {
      return source[..<place] + Array((text + newline).utf8) + source[place...]
    }
    // A literal value already ends behind its end of line.
    if source[place - 1] == feed { return splicing(text + newline, over: place..<place) }
    guard let end = source[place...].firstIndex(of: feed) else {
      return source + Array((newline + text).utf8)
    }
    return splicing(text + newline, over: (end + 1)..<(end + 1))
  }

  /// Reads an edited text again, and gives it back only if it says what it said before with exactly
  /// the one change that `change` makes.
  func checked(
    _ bytes: [UInt8], at node: Node, change: (Node) -> Value?
  ) throws(YAMLError) -> [UInt8] {
    let refusal = YAMLError(
      .notEditable, line: node.line, column: node.column,
      problem: "the change would not leave everything else as it is")
    guard let root, let after = try? Document.parse(bytes) else { throw refusal }
    guard after.root?.value == root.value(with: change) else { throw refusal }
    return bytes
  }
}

extension Node {
  /// What the node says when `change` has its way with every node, from the outside in.
  fileprivate func value(with change: (Node) -> Value?) -> Value {
    if let changed = change(self) { return changed }
    switch content {
    case .scalar, .alias: return value
    case .sequence(let items, _): return .sequence(items.map { $0.value(with: change) })
    case .mapping(let entries, _):
      return .mapping(
        entries.map { Value.Entry($0.key.text ?? "", $0.value.value(with: change)) })
    }
  }
}
