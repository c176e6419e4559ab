/// Replaces `${NAME}` and `${NAME:default}` in a value, as Elasticsearch's `PropertyPlaceholder` does.
///
/// What is in braces may hold further variables, and so may what comes in its place. A `${` that is
/// never closed stays.
struct Placeholders {
  /// A variable that nothing gives, that refers to itself, or that needs more than ``greatestCount``.
  struct Unresolved: Error, Equatable {
    let name: String
  }

  /// So many variables are replaced for one value: a few that refer to each other twice each would
  /// never end. Elasticsearch has no such limit.
  static let greatestCount = 1000
  /// Deeper nesting would eat the stack, as it does Elasticsearch's.
  static let greatestDepth = 64

  let value: (String) -> String?

  /// What is being replaced, and how much there was.
  private struct Progress {
    var open: Set<String> = []
    var count = 0
  }

  func replaced(in text: String) throws(Unresolved) -> String {
    var progress = Progress()
    return try replaced(in: text, &progress)
  }

  private func replaced(in text: String, _ progress: inout Progress) throws(Unresolved) -> String {
    var result = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    while let start = rest.firstPlaceholder, let end = rest.end(ofPlaceholderAt: start) {
      result += rest[..<start]
      let inner = String(rest[rest.index(start, offsetBy: 2)..<end])
      progress.count += 1
      guard progress.open.insert(inner).inserted, progress.open.count <= Self.greatestDepth,
        progress.count <= Self.greatestCount
      else { throw Unresolved(name: String(inner.prefix(80))) }
      let found = try resolved(replaced(in: inner, &progress))
      result += try replaced(in: found, &progress).unicodeScalars
      progress.open.remove(inner)
      rest = rest[rest.index(after: end)...]
    }
    return String(result + rest)
  }

  private func resolved(_ placeholder: String) throws(Unresolved) -> String {
    let scalars = placeholder.unicodeScalars
    guard let colon = scalars.firstIndex(of: ":") else {
      guard let value = value(placeholder) else { throw Unresolved(name: placeholder) }
      return value
    }
    return value(String(scalars[..<colon])) ?? String(scalars[scalars.index(after: colon)...])
  }
}

extension Substring.UnicodeScalarView {
  fileprivate var firstPlaceholder: Index? { indices.first(where: beginsPlaceholder) }

  /// The brace that closes a variable; variables inside it are closed first.
  fileprivate func end(ofPlaceholderAt start: Index) -> Index? {
    var depth = 0
    for index in self[index(start, offsetBy: 2)...].indices {
      if beginsPlaceholder(at: index) {
        depth += 1
      } else if self[index] == "}" {
        if depth == 0 { return index }
        depth -= 1
      }
    }
    return nil
  }

  private func beginsPlaceholder(at place: Index) -> Bool {
    self[place] == "$" && self[index(after: place)...].first == "{"
  }
}
