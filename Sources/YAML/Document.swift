/// A YAML text of one document, read so that one value can be changed and nothing else.
///
/// The reader is libyaml, which speaks YAML 1.1 as the SnakeYAML inside Elasticsearch does.
package struct Document: Equatable, Sendable {
  /// The text, byte for byte as it was read.
  package let source: [UInt8]
  /// Nil if the text holds nothing but blanks and comments.
  package let root: Node?
  /// Where the end of the document is written (`...`), nil where it is not.
  let end: Int?

  /// How much of YAML is read.
  package enum Forms: Equatable, Sendable {
    /// What can be told apart and edited without a doubt: each key once, keys that are scalars, no
    /// anchors, aliases and merge keys.
    case plain
    /// All of it, for whoever judges the forms himself. Aliases are not followed.
    case all
  }

  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
  /// Configurations are written by hand; a file beyond 4 MiB is something else.
  static let greatestSize = 4 << 20

  /// Reads a text.
  ///
  /// Refused, with the line: what is not YAML, not UTF-8 or larger than 4 MiB, nested deeper than 64
  /// levels, a second document, and what the forms leave out.
  package static func parse(
    _ bytes: [UInt8], forms: Forms = .plain
  ) throws(YAMLError) -> Document {
    guard bytes.count <= greatestSize else {
      throw YAMLError(.unsupported, problem: "larger than \(greatestSize >> 20) MiB")
    }
    guard !bytes.starts(with: [0xFF, 0xFE]), !bytes.starts(with: [0xFE, 0xFF]) else {
      throw YAMLError(.unsupported, line: 1, problem: "written in UTF-16; only UTF-8 is read")
    }
    let (root, end) = try Composition.onlyDocument(of: bytes, forms)
    return Document(source: bytes, root: root, end: end)
  }

  /// Whether two texts say the same, whatever they look like.
  package func saysTheSame(as other: Document) -> Bool {
    root?.value == other.root?.value
  }
}

extension Document {
  /// The end of line that the text uses: that of its first line.
  var newline: String {
    guard let feed = source.firstIndex(of: UInt8(ascii: "\n")), feed > 0 else { return "\n" }
    return source[feed - 1] == UInt8(ascii: "\r") ? "\r\n" : "\n"
  }

  /// Whether a node is written on one line.
  package func isOnOneLine(_ node: Node) -> Bool {
    !source[node.range].contains { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
  }
}
