/// Replaces `${NAME}` and `${NAME:default}` in a value, as Elasticsearch's `PropertyPlaceholder` does.
///
/// What is in braces may hold further variables, and so may what comes in its place. A `${` that is
/// never closed stays.
struct Placeholders {
  /// A variable that nothing gives, or that refers to itself.
  struct Unresolved: Error, Equatable {
    let name: String
  }

  let value: (String) -> String?

  func replaced(in text: String) throws(Unresolved) -> String {
    var visited: Set<String> = []
    return try replaced(in: text, visited: &visited)
  }

  private func replaced(
    in text: String, visited: inout Set<String>
  ) throws(Unresolved) -> String {
    var result = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    while let start = rest.firstPlaceholder, let end = rest.end(ofPlaceholderAt: start) {
      result += rest[..<start]
      let inner = String(rest[rest.index(start, offsetBy: 2)..<end])
      guard visited.insert(inner).inserted else { throw Unresolved(name: inner) }
      let found = try resolved(replaced(in: inner, visited: &visited))
      result += try replaced(in: found, visited: &visited).unicodeScalars
      visited.remove(inner)
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
