// libyaml and SnakeYAML both read YAML 1.1, and disagree where the specification leaves room. What
// libyaml takes and SnakeYAML does not is found here. Run with SnakeYAML 1.24.

extension Document {
  /// The first thing in the text that SnakeYAML, Elasticsearch's reader, would not take; nil if there
  /// is none.
  ///
  /// These are: a tab between tokens, except after plain text; `\/` in double quotes; `?` in plain text
  /// inside brackets; a key that is not written; `#` right behind the `|` or `>` of a text.
  package func refusalOfSnakeYAML() -> YAMLError? {
    var scalars: [Node] = []
    if let error = root.flatMap({ collectScalars(of: $0, inFlow: false, into: &scalars) }) {
      return error
    }
    var gap = source.startIndex
    var afterPlain = false
    for scalar in scalars {
      let start = contentStart(of: scalar)
      if let tab = tab(in: gap..<max(gap, start), afterPlain: afterPlain) ?? tab(inside: scalar) {
        return strayTab(at: tab)
      }
      gap = max(gap, scalar.range.upperBound)
      afterPlain = if case .scalar(_, .plain) = scalar.content { true } else { false }
    }
    return tab(in: gap..<source.endIndex, afterPlain: afterPlain).map(strayTab)
  }

  private func collectScalars(
    of node: Node, inFlow: Bool, into scalars: inout [Node]
  ) -> YAMLError? {
    let inFlow = inFlow || node.isFlow
    switch node.content {
    case .alias: return nil
    case .scalar(_, let style):
      scalars.append(node)
      return refusal(of: node, style, inFlow: inFlow)
    case .sequence(let items, _):
      for item in items {
        if let error = collectScalars(of: item, inFlow: inFlow, into: &scalars) { return error }
      }
    case .mapping(let entries, _):
      for entry in entries {
        if entry.key.range.isEmpty {
          return YAMLError(.broken, line: entry.key.line, problem: "a key is missing")
        }
        if let error = collectScalars(of: entry.key, inFlow: inFlow, into: &scalars)
          ?? collectScalars(of: entry.value, inFlow: inFlow, into: &scalars)
        {
          return error
        }
      }
    }
    return nil
  }

  private func refusal(
    of node: Node, _ style: Node.ScalarStyle, inFlow: Bool
  ) -> YAMLError? {
    let start = contentStart(of: node)
    let bytes = source[start..<node.range.upperBound]
    switch style {
    case .plain where inFlow && bytes.contains(UInt8(ascii: "?")):
      return error("'?' needs quotes inside brackets", at: start)
    case .doubleQuoted: return unknownEscape(in: node)
    case .literal, .folded:
      let header = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
      guard let sign = header.firstIndex(of: UInt8(ascii: "#")) else {
        return header.contains(UInt8(ascii: "\t")) ? strayTab(at: start) : nil
      }
      if header[..<sign].contains(UInt8(ascii: "\t")) { return strayTab(at: start) }
      return source[sign - 1] == UInt8(ascii: " ")
        ? nil : error("'#' needs a blank before it", at: sign)
    default: return nil
    }
  }

  /// `\/` and a tab behind `\` came with YAML 1.2; JSON has the first.
  private func unknownEscape(in node: Node) -> YAMLError? {
    var index = node.range.lowerBound
    while let escape = source[index..<node.range.upperBound].firstIndex(of: UInt8(ascii: "\\")) {
      if [UInt8(ascii: "/"), UInt8(ascii: "\t")].contains(source[escape + 1]) {
        return error("an escape that is unknown in YAML 1.1", at: escape)
      }
      index = escape + 2
    }
    return nil
  }

  /// Where the text of a scalar begins, behind its tag and anchor.
  private func contentStart(of node: Node) -> Int {
    var index = node.range.lowerBound
    guard node.tag != nil || node.anchor != nil else { return index }
    while index < node.range.upperBound,
      [UInt8(ascii: "!"), UInt8(ascii: "&")].contains(source[index])
    {
      index =
        source[index..<node.range.upperBound].firstIndex { $0 <= UInt8(ascii: " ") }
        ?? node.range.upperBound
      index =
        source[index..<node.range.upperBound].firstIndex { $0 > UInt8(ascii: " ") }
        ?? node.range.upperBound
    }
    return index
  }

  /// A tab between tokens that is no comment's and does not follow plain text.
  private func tab(in gap: Range<Int>, afterPlain: Bool) -> Int? {
    var afterPlain = afterPlain
    var isComment = false
    for index in gap {
      switch source[index] {
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"): isComment = false
      case UInt8(ascii: "#") where index == 0 || source[index - 1] <= UInt8(ascii: " "):
        isComment = true
      case UInt8(ascii: "\t") where !isComment && !afterPlain: return index
      case UInt8(ascii: "\t"), UInt8(ascii: " "): continue
      default: break
      }
      afterPlain = false
    }
    return nil
  }

  /// A tab that indents a further line of plain text.
  private func tab(inside node: Node) -> Int? {
    guard case .scalar(_, .plain) = node.content else { return nil }
    var isMargin = false
    for index in node.range {
      switch source[index] {
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"): isMargin = true
      case UInt8(ascii: "\t") where isMargin: return index
      case UInt8(ascii: " "), UInt8(ascii: "\t"): break
      default: isMargin = false
      }
    }
    return nil
  }

  private func strayTab(at offset: Int) -> YAMLError {
    error("a tab stands where only blanks may", at: offset)
  }

  private func error(_ problem: String, at offset: Int) -> YAMLError {
    let line = source[..<offset].count { $0 == UInt8(ascii: "\n") } + 1
    return YAMLError(.broken, line: line, problem: problem)
  }
}
