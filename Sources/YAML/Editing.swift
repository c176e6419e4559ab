// Every edit changes the bytes of one place, reads the result again and compares: what the text
// says afterwards has to be exactly what it said before, with the one change. Otherwise it throws.

extension Document {
  /// The text with another scalar in the place of one; key, comment and quotes stay.
  package func replacing(scalar node: Node, with text: String) throws(YAMLError) -> [UInt8] {
    guard case .scalar(_, let style) = node.content else {
      throw refusal(node, "a list or a mapping stands where one value is expected")
    }
    guard node.tag == nil else { throw refusal(node, "the value has a tag") }
    guard style != .literal, style != .folded, isOnOneLine(node) else {
      throw refusal(node, "the value spans several lines")
    }
    // A value that is not written ends right after its colon or dash.
    let gap = node.range.isEmpty ? " " : ""
    let bytes = splicing(gap + Scalar.written(text, like: style), over: node.range)
    return try checked(bytes, at: node) { $0.range == node.range ? .text(text) : nil }
  }

  /// The text with further entries in a block mapping: at the end of the text for the root, after
  /// the last entry for any other.
  package func adding(
    _ entries: [Value.Entry], to mapping: Node
  ) throws(YAMLError) -> [UInt8] {
    guard case .mapping(let present, .block) = mapping.content else {
      throw refusal(mapping, "not a mapping written by indentation")
    }
    let margin = Margin(columns: mapping.column - 1)
    let lines = entries.flatMap { margin.lines($0) }
    let place = mapping.range == root?.range ? source.count : mapping.range.upperBound
    return try checked(inserting(lines, afterLineOf: place), at: mapping) {
      guard $0.range == mapping.range, case .mapping = $0.content else { return nil }
      return .mapping(
        present.map { Value.Entry($0.key.text ?? "", $0.value.value) } + entries.map(\.asRead))
    }
  }

  /// The text with one key of a block mapping set to a text, wherever the key is or is not yet.
  package func setting(
    _ key: String, to text: String, in mapping: Node
  ) throws(YAMLError) -> [UInt8] {
    guard let value = mapping[key] else {
      return try adding([Value.Entry(key, .text(text))], to: mapping)
    }
    return try replacing(scalar: value, with: text)
  }

  /// The text with another key and text in the place of an entry; comment and quotes stay.
  package func replacing(
    _ key: String, in mapping: Node, with new: String, _ text: String
  ) throws(YAMLError) -> [UInt8] {
    guard let entry = mapping.entries?.first(where: { $0.key.text == key }),
      case .scalar(_, let style) = entry.value.content, isOnOneLine(entry.value)
    else { throw refusal(mapping, "'\(key)' has no value on one line") }
    let (name, value) = (entry.key.range, entry.value.range)
    let between = String(decoding: source[name.upperBound..<value.lowerBound], as: UTF8.self)
    let gap = value.isEmpty ? " " : ""
    let written = Scalar.quoted(new) + between + gap + Scalar.written(text, like: style)
    return try checked(splicing(written, over: name.lowerBound..<value.upperBound), at: mapping) {
      guard $0.range == mapping.range, let entries = $0.entries else { return nil }
      return .mapping(
        entries.map {
          $0.key.text == key
            ? Value.Entry(new, .text(text)) : Value.Entry($0.key.text ?? "", $0.value.value)
        })
    }
  }

  /// The text with a further item at the end of a block sequence.
  package func appending(_ item: Value, to sequence: Node) throws(YAMLError) -> [UInt8] {
    guard case .sequence(let present, .block) = sequence.content else {
      throw refusal(sequence, "not a list written with dashes")
    }
    let margin = Margin(columns: sequence.column - 1)
    let lines = margin.lines(item: item, after: dash(of: present.first, in: sequence))
    return try checked(inserting(lines, afterLineOf: sequence.range.upperBound), at: sequence) {
      guard $0.range == sequence.range, case .sequence = $0.content else { return nil }
      return .sequence(present.map(\.value) + [item.asRead])
    }
  }

  /// The text with a further item in the list under a key of the root, which may be missing yet.
  package func appending(_ item: Value, toListAt key: String) throws(YAMLError) -> [UInt8] {
    let list = Value.Entry(key, .sequence([item]))
    guard let root else { return try addingFirst(list) }
    guard let node = root[key] else { return try adding([list], to: root) }
    guard node.isNull else { return try appending(item, to: node) }
    guard node.range.isEmpty, !root.isFlow else {
      throw refusal(node, "'\(key)' holds no list")
    }
    let lines = Margin(columns: root.column - 1 + 2).lines(item: item, after: "- ")
    return try checked(inserting(lines, afterLineOf: node.range.upperBound), at: node) {
      $0.range == node.range ? .sequence([item.asRead]) : nil
    }
  }

  /// The first entry of a text that says nothing yet.
  package func addingFirst(_ entry: Value.Entry) throws(YAMLError) -> [UInt8] {
    let bytes = inserting(Margin(columns: 0).lines(entry), afterLineOf: source.count)
    let after = try Document.parse(bytes)
    guard after.root?.value == .mapping([entry.asRead]) else {
      throw YAMLError(.notEditable, problem: "'\(entry.key)' could not be added to it")
    }
    return bytes
  }

  /// As the first item is written: a dash and the blanks after it.
  private func dash(of first: Node?, in sequence: Node) -> String {
    guard let first, first.line == sequence.line, first.column > sequence.column + 1 else {
      return "- "
    }
    return "-" + String(repeating: " ", count: first.column - sequence.column - 1)
  }

  private func refusal(_ node: Node, _ problem: String) -> YAMLError {
    YAMLError(.notEditable, line: node.line, column: node.column, problem: problem)
  }
}

extension Value.Entry {
  var asRead: Value.Entry { Value.Entry(key, value.asRead) }
}
