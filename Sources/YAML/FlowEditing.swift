/// Edits of a mapping in braces.
extension Document {
  /// The text with further entries in a mapping in braces, behind its last one.
  ///
  /// - Throws: ``YAMLError`` where nothing stands in the braces, or the result would say anything else.
  package func addingInBraces(
    _ entries: [Value.Entry], to mapping: Node
  ) throws(YAMLError) -> [UInt8] {
    guard case .mapping(let present, .flow) = mapping.content, let last = present.last else {
      throw YAMLError(
        .notEditable, line: mapping.line, column: mapping.column,
        problem: "not a mapping with entries in braces")
    }
    let text = entries.map { ", \(Scalar.quoted($0.key)): \($0.value.inline)" }.joined()
    let place = last.value.range.upperBound
    return try checked(splicing(text, over: place..<place), at: mapping) {
      guard $0.range == mapping.range, case .mapping = $0.content else { return nil }
      return .mapping(
        present.map { Value.Entry($0.key.text ?? "", $0.value.value) } + entries.map(\.asRead))
    }
  }
}
