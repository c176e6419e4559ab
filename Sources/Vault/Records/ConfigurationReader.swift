import YAML

/// One mapping of the configuration, read strictly: a key that is unknown is an error, not a guess.
struct ConfigurationReader {
  let node: Node
  let name: String

  init(_ node: Node, of name: String, allows keys: [String]) throws(ConfigurationError) {
    guard let entries = node.entries else {
      throw ConfigurationError(line: node.line, problem: "\(name) is not a list of keys and values")
    }
    for entry in entries where !keys.contains(entry.key.text ?? "") {
      throw ConfigurationError(
        line: entry.key.line,
        problem:
          "\(name) has no key '\(entry.key.text ?? "")'; it has \(keys.joined(separator: ", "))")
    }
    self.node = node
    self.name = name
  }

  func text(
    _ key: String, where isValid: (String) -> Bool = { !$0.isEmpty }
  ) throws(ConfigurationError) -> String? {
    guard let value = node[key], !value.isNull else { return nil }
    guard let text = value.text, isValid(text) else {
      throw ConfigurationError(line: value.line, problem: "'\(value.text ?? "")' cannot be \(key)")
    }
    return text
  }

  /// `true` or `false`, and none of YAML's other words for them.
  func flag(_ key: String) throws(ConfigurationError) -> Bool? {
    try text(key) { Bool($0) != nil }.flatMap { Bool($0) }
  }
}
