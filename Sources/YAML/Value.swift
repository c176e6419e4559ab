/// What a YAML node says, whatever it looks like: to compare two texts, and to write something new.
package enum Value: Equatable, Sendable {
  package struct Entry: Equatable, Sendable {
    package let key: String
    package let value: Value

    package init(_ key: String, _ value: Value) {
      self.key = key
      self.value = value
    }
  }

  case null
  case text(String)
  /// A number or a truth value to be written without quotes. It is read back as a text.
  case bare(String)
  case sequence([Value])
  case mapping([Entry])
}

extension Value {
  /// The value in one line, collections in brackets.
  var inline: String {
    switch self {
    case .null: "~"
    case .text(let text): Scalar.quoted(text)
    case .bare(let text): text
    case .sequence(let items): "[" + items.map(\.inline).joined(separator: ", ") + "]"
    case .mapping(let entries):
      "{"
        + entries.map { Scalar.quoted($0.key) + ": " + $0.value.inline }
        .joined(separator: ", ") + "}"
    }
  }

  /// The value as it will be read back.
  var asRead: Value {
    switch self {
    case .null, .text: self
    case .bare(let text): .text(text)
    case .sequence(let items): .sequence(items.map(\.asRead))
    case .mapping(let entries): .mapping(entries.map { Entry($0.key, $0.value.asRead) })
    }
  }
}
