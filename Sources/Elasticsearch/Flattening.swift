import YAML

/// Turns the tree of a document into settings under whole names, as Elasticsearch's `Settings` does.
struct Flattening {
  private var given: [GivenSetting] = []

  static func settings(of document: Document) throws(SettingsError) -> [GivenSetting] {
    guard let root = document.root else { return [] }
    guard let entries = root.entries else {
      throw .broken(line: root.line, column: root.column, problem: "settings are expected here")
    }
    var flattening = Flattening()
    try flattening.add(entries, below: "", isAnchored: root.anchor != nil)
    return flattening.given
  }

  private mutating func add(
    _ entries: [Node.Entry], below prefix: String, isAnchored: Bool
  ) throws(SettingsError) {
    var lines: [String: Int] = [:]
    for entry in entries {
      guard let key = entry.key.text else {
        throw .broken(
          line: entry.key.line, column: entry.key.column, problem: "a name is expected here")
      }
      let name = prefix + key
      if let first = lines.updateValue(entry.key.line, forKey: key) {
        throw .givenTwice(setting: name, lines: [first, entry.key.line])
      }
      let isAnchored = isAnchored || entry.key.anchor != nil || entry.value.anchor != nil
      if let entries = entry.value.entries {
        try add(entries, below: name + ".", isAnchored: isAnchored)
      } else {
        let value = try value(of: entry.value)
        given.append(
          GivenSetting(name: name, value: value, node: entry.value, isAnchored: isAnchored))
      }
    }
  }

  private func value(of node: Node) throws(SettingsError) -> SettingValue {
    guard let items = node.items else { return try scalar(node, isItem: false) }
    var texts: [String] = []
    for item in items {
      guard case .text(let text) = try scalar(item, isItem: true) else {
        throw item.isNoText("a list of settings has only texts")
      }
      texts.append(text)
    }
    return .list(texts)
  }

  /// As Jackson's `YAMLParser` decodes it: null and truth values by the resolver of SnakeYAML, and by
  /// tags. Numbers stay as they are written; truth values do so in a list.
  private func scalar(_ node: Node, isItem: Bool) throws(SettingsError) -> SettingValue {
    if case .alias(let name) = node.content { return .text(name) }
    guard case .scalar(let text, let style) = node.content else {
      throw node.isNoText("a list of settings has only texts")
    }
    switch node.tag.map(Tag.init) {
    case nil where style != .plain: return .text(text)
    case nil, .implicit:
      if ["", "~", "null", "Null", "NULL"].contains(text) { return .null }
      return .text(isItem ? text : TruthValue.resolved[text].map(String.init) ?? text)
    case .null: return .null
    case .binary: throw node.isNoText("binary data is no setting")
    case .bool:
      return .text(isItem ? text : TruthValue.named[text.lowercased()].map(String.init) ?? text)
    case .other: return .text(text)
    }
  }
}

/// The tags that change what Jackson reads.
private enum Tag {
  case implicit, null, bool, binary, other

  init(_ tag: String) {
    let standard = "tag:yaml.org,2002:"
    guard tag != "!" else {
      self = .implicit
      return
    }
    guard tag.hasPrefix(standard) else {
      self = .other
      return
    }
    switch tag.dropFirst(standard.count).prefix(while: { $0 != "," }) {
    case "null": self = .null
    case "bool": self = .bool
    case "binary": self = .binary
    default: self = .other
    }
  }
}

private enum TruthValue {
  /// In any case, for what has the tag `!!bool`.
  static let named = [
    "true": true, "yes": true, "on": true, "y": true,
    "false": false, "no": false, "off": false, "n": false,
  ]

  /// What SnakeYAML takes for a truth value: small, capitalised or all capitals, and no single letter.
  static let resolved: [String: Bool] = {
    var words: [String: Bool] = [:]
    for (word, value) in named where word.count > 1 {
      let capitalised = word.prefix(1).uppercased() + word.dropFirst()
      for spelling in [word, capitalised, word.uppercased()] { words[spelling] = value }
    }
    return words
  }()
}

extension Node {
  fileprivate func isNoText(_ problem: String) -> SettingsError {
    .broken(line: line, column: column, problem: problem)
  }
}
