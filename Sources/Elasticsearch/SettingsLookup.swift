import YAML

extension SettingsFile {
  /// The scalar that gives a setting, nil if none does; anything but one plain value is refused.
  func place(of setting: String) throws(SettingsError) -> Node? {
    guard let root = document.root else { return nil }
    var found: [Node] = []
    try collect(setting, under: root, rest: setting, into: &found)
    try refuseForced(setting, in: root)
    guard found.count < 2 else {
      throw .givenTwice(setting: setting, lines: found.map(\.line))
    }
    if let value = found.first, let form = unsupportedForm(of: value) {
      throw .unsupported(setting: setting, line: value.line, form: form)
    }
    return found.first
  }

  /// A setting may be cut into keys at any of its dots: `path.data`, or `data` below `path`.
  private func collect(
    _ setting: String, under mapping: Node, rest: String, into found: inout [Node]
  ) throws(SettingsError) {
    for entry in mapping.entries ?? [] {
      guard let key = entry.key.text else { continue }
      if key == rest {
        try refuseFlow(mapping, on: setting)
        found.append(entry.value)
      } else if key.hasPrefix(rest + "."), key.dropFirst(rest.count + 1).allSatisfy(\.isNumber) {
        throw .unsupported(setting: setting, line: entry.key.line, form: "a list by numbers")
      } else if rest.hasPrefix(key + ".") {
        let below = String(rest.dropFirst(key.count + 1))
        if entry.value.items != nil {
          throw .unsupported(setting: setting, line: entry.value.line, form: "a list in '\(key)'")
        }
        try collect(setting, under: entry.value, rest: below, into: &found)
      }
    }
  }

  private func refuseFlow(_ mapping: Node, on setting: String) throws(SettingsError) {
    guard mapping.isFlow else { return }
    throw .unsupported(setting: setting, line: mapping.line, form: "a mapping in braces")
  }

  /// Elasticsearch lets `force.path.data` win over `path.data`.
  private func refuseForced(_ setting: String, in root: Node) throws(SettingsError) {
    var forced: [Node] = []
    let name = "force." + setting
    try collect(name, under: root, rest: name, into: &forced)
    if let value = forced.first {
      throw .unsupported(setting: setting, line: value.line, form: "the prefix 'force.'")
    }
  }

  private func unsupportedForm(of value: Node) -> String? {
    switch value.content {
    case .sequence: return "a list"
    case .mapping: return "a mapping"
    case .scalar(let text, let style):
      if value.tag != nil { return "a tag" }
      if value.isNull { return "no value" }
      if style == .literal || style == .folded || !document.isOnOneLine(value) {
        return "a value of several lines"
      }
      if text.hasVariable { return "a variable (${…})" }
      return text.isSplitAtCommas ? "a list with commas" : nil
    }
  }
}
