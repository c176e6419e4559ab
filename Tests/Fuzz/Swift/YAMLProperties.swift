import YAML

/// What holds for every YAML text: it is read or refused, and each edit changes what it says it does.
enum YAMLProperties {
  /// With a blank, quotes, a comment's sign and a letter beyond ASCII.
  private static let text = "it's #1: \"é\""
  /// More places of one text are edited in the same way.
  private static let greatestCount = 12

  static func check(_ input: [UInt8]) throws(BrokenProperty) {
    let document: Document
    do {
      document = try Document.parse(input)
    } catch {
      _ = error.description
      return
    }
    try demand(document.source == input, "the source is kept as it is")
    guard let root = document.root else { return try checkFirst(document) }
    var nodes: [Node] = []
    collect(root, into: &nodes)
    for node in nodes {
      try demand(
        node.range.lowerBound >= 0 && node.range.upperBound <= input.count, "a node is in the text")
      try demand(node.line > 0 && node.column > 0, "lines and columns are counted from 1")
      switch node.content {
      case .scalar: try checkReplacing(node, in: document)
      case .mapping: try checkAdding(to: node, in: document)
      case .sequence: try checkAppending(to: node, in: document)
      case .alias: continue
      }
    }
  }

  private static func checkReplacing(
    _ node: Node, in document: Document
  ) throws(BrokenProperty) {
    guard let after = try? document.replacing(scalar: node, with: text) else { return }
    let edit = try YAMLEdit(from: document.source, to: after)
    // It may have been the same text before.
    guard node.text.map({ !$0.utf8.elementsEqual(text.utf8) }) ?? true else { return }
    try edit.replacesOneValue(by: text)
  }

  private static func checkAdding(
    to mapping: Node, in document: Document
  ) throws(BrokenProperty) {
    let entry = Value.Entry("added", .text(text))
    guard let after = try? document.adding([entry], to: mapping) else { return }
    try YAMLEdit(from: document.source, to: after).adds(["added", text])
  }

  private static func checkAppending(
    to sequence: Node, in document: Document
  ) throws(BrokenProperty) {
    guard let after = try? document.appending(.text(text), to: sequence) else { return }
    try YAMLEdit(from: document.source, to: after).adds([text])
  }

  private static func checkFirst(_ document: Document) throws(BrokenProperty) {
    let entry = Value.Entry("added", .text(text))
    guard let after = try? document.addingFirst(entry) else { return }
    try YAMLEdit(from: document.source, to: after).adds(["added", text])
  }

  /// Values, not keys.
  private static func collect(_ node: Node, into nodes: inout [Node]) {
    guard nodes.count < greatestCount else { return }
    nodes.append(node)
    for entry in node.entries ?? [] { collect(entry.value, into: &nodes) }
    for item in node.items ?? [] { collect(item, into: &nodes) }
  }
}
