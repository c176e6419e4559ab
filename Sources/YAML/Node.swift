/// One value of a YAML text, and exactly where it stands.
///
/// The range lets an edit touch the bytes of one value and no other; the line lets an error point.
package struct Node: Equatable, Sendable {
  /// How a scalar is written.
  package enum ScalarStyle: Equatable, Sendable {
    case plain, singleQuoted, doubleQuoted, literal, folded
  }

  /// How a collection is written: by indentation, or in brackets.
  package enum CollectionStyle: Equatable, Sendable {
    case block, flow
  }

  /// A key and its value.
  package struct Entry: Equatable, Sendable {
    package let key: Node
    package let value: Node
  }

  package enum Content: Equatable, Sendable {
    case scalar(String, ScalarStyle)
    case sequence([Node], CollectionStyle)
    case mapping([Entry], CollectionStyle)
    /// A reference to an anchor (`*name`).
    case alias(String)
  }

  package let content: Content
  /// The tag as written out in full (`tag:yaml.org,2002:str` for `!!str`), nil where none is written.
  package let tag: String?
  /// The name that the node is given for aliases (`&name`), nil where it has none.
  package let anchor: String?
  /// The line of the first byte, counted from 1.
  package let line: Int
  /// The column of the first byte in characters, counted from 1.
  package let column: Int
  /// The bytes of the source that this node covers, a tag included. It is empty for a value that is
  /// not written (`key:`). A block collection ends where its last value ends.
  package let range: Range<Int>
}

extension Node {
  /// The text of a scalar, nil for a collection. A value that is not written has an empty text.
  package var text: String? {
    if case .scalar(let text, _) = content { text } else { nil }
  }

  /// The items of a sequence, nil for anything else.
  package var items: [Node]? {
    if case .sequence(let items, _) = content { items } else { nil }
  }

  /// The entries of a mapping in the order of the text, nil for anything else.
  package var entries: [Entry]? {
    if case .mapping(let entries, _) = content { entries } else { nil }
  }

  /// Whether this is YAML's null: nothing, `~` or `null`, without quotes.
  package var isNull: Bool {
    guard case .scalar(let text, .plain) = content, tag == nil else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// Whether a collection is written in brackets.
  package var isFlow: Bool {
    switch content {
    case .scalar, .alias: false
    case .sequence(_, let style), .mapping(_, let style): style == .flow
    }
  }

  /// The value of a key of a mapping, nil where there is none.
  package subscript(_ key: String) -> Node? {
    entries?.first { $0.key.text == key }?.value
  }

  /// What the node says, without how and where it is written.
  package var value: Value {
    switch content {
    case .scalar(let text, _): isNull ? .null : .text(text)
    case .alias(let name): .text("*" + name)
    case .sequence(let items, _): .sequence(items.map(\.value))
    case .mapping(let entries, _):
      .mapping(entries.map { Value.Entry($0.key.text ?? "", $0.value.value) })
    }
  }
}
