/// The blanks before a line, and new lines of a block that begin with them.
struct Margin {
  let columns: Int

  private var blanks: String { String(repeating: " ", count: columns) }

  /// An entry of a block mapping: one line, or several for a list of mappings.
  func lines(_ entry: Value.Entry) -> [String] {
    let key = blanks + Scalar.quoted(entry.key) + ":"
    guard case .sequence(let items) = entry.value, items.contains(where: \.isMapping) else {
      return [key + " " + entry.value.inline]
    }
    let inner = Margin(columns: columns + 2)
    return [key] + items.flatMap { inner.lines(item: $0, after: "- ") }
  }

  /// An item of a block sequence; a mapping gets a line for each entry.
  func lines(item: Value, after dash: String) -> [String] {
    guard case .mapping(let entries) = item, !entries.isEmpty else {
      return [blanks + dash + item.inline]
    }
    let inner = Margin(columns: columns + dash.count)
    let lines = entries.flatMap { inner.lines($0) }
    return [blanks + dash + lines[0].dropFirst(inner.columns)] + lines.dropFirst()
  }
}

extension Value {
  fileprivate var isMapping: Bool {
    if case .mapping = self { true } else { false }
  }
}
