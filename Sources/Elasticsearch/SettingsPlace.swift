import YAML

extension SettingsFile {
  /// The one place that counts for a setting, nil if it is not given; what is given in two places, by
  /// way of an alias, or in further settings below it is refused.
  func place(of setting: String) throws(SettingsError) -> GivenSetting? {
    let own = try onlyPlace(of: setting)
    // Elasticsearch lets `force.path.data` win over `path.data`.
    let found = try onlyPlace(of: "force." + setting) ?? own
    try refuseIndirection(to: setting)
    if let found, found.isAnchored { throw found.unsupported("an anchor (&name)") }
    if let found, case .alias = found.node.content { throw found.unsupported("an alias (*name)") }
    return found
  }

  private func onlyPlace(of setting: String) throws(SettingsError) -> GivenSetting? {
    let own = given.filter { $0.name == setting }
    let below = given.filter { $0.name.hasPrefix(setting + ".") }
    let all = (own + below).sorted { $0.node.range.lowerBound < $1.node.range.lowerBound }
    guard let first = all.first else { return nil }
    let numbers = below.filter { $0.name.dropFirst(setting.count + 1).allSatisfy(\.isNumber) }
    if numbers.count > 1, numbers.count == all.count {
      throw .several(setting: setting, line: numbers[1].node.line)
    }
    guard all.count == 1 else {
      throw .givenTwice(setting: setting, lines: all.map(\.node.line))
    }
    guard own.count == 1 || first.name == setting + ".0" else {
      throw first.unsupported("a mapping", as: setting)
    }
    return first
  }

  /// Elasticsearch follows neither aliases nor merge keys; whoever writes them means that it does.
  private func refuseIndirection(to setting: String) throws(SettingsError) {
    for other in given {
      if case .alias = other.node.content, setting.hasPrefix(other.name + ".") {
        throw other.unsupported("an alias (*name)", as: setting)
      }
      if let merged = other.mergedInto, setting.hasPrefix(merged) {
        throw other.unsupported("a merge key (<<)", as: setting)
      }
    }
  }
}

extension GivenSetting {
  func unsupported(_ form: String, as setting: String? = nil) -> SettingsError {
    .unsupported(setting: setting ?? name, line: node.line, form: form)
  }

  /// The beginning of all names in the mapping that has a merge key here; nil without one.
  fileprivate var mergedInto: String? {
    let keys = name.split(separator: ".", omittingEmptySubsequences: false)
    guard let merge = keys.firstIndex(of: "<<") else { return nil }
    return keys[..<merge].map { $0 + "." }.joined()
  }
}

extension String {
  /// Elasticsearch splits at commas, even inside quotes.
  var isSplitAtCommas: Bool { utf8.contains(UInt8(ascii: ",")) }

  /// Whether `${…}` is in it, which Elasticsearch replaces by a variable of its environment.
  var hasVariable: Bool { utf8.hasVariable }
}

extension Sequence<UInt8> {
  var hasVariable: Bool {
    zip(self, dropFirst()).contains { $0 == UInt8(ascii: "$") && $1 == UInt8(ascii: "{") }
  }
}
