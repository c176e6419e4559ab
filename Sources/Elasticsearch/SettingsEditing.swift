import YAML

extension SettingsFile {
  /// The file with another value for a setting.
  package func setting(
    _ setting: String, to value: String
  ) throws(SettingsError) -> [UInt8] {
    try self.setting([(setting, value)])
  }

  /// The file with other values for some settings.
  ///
  /// Only the bytes of the values change: keys, quotes, comments, order and ends of lines stay. A
  /// setting that is not there becomes the last line of the file, but never one of the stanza that
  /// Elasticsearch's security auto configuration has written. After each change the file is read
  /// again, and has to say the same as before in everything else.
  package func setting(
    _ changes: [(setting: String, value: String)]
  ) throws(SettingsError) -> [UInt8] {
    var file = self
    for (setting, value) in changes { file = try file.changing(setting, to: value) }
    // What Elasticsearch would refuse anyway is not half mended.
    _ = try file.loaded()
    return file.document.source
  }

  private func changing(_ setting: String, to value: String) throws(SettingsError) -> SettingsFile {
    try Self.check(value, for: setting)
    let found = try place(of: setting)
    // Byte by byte: to Linux two spellings of "é" are two paths.
    if let only = found?.only, only.utf8.elementsEqual(value.utf8) { return self }
    let bytes: [UInt8]
    if let found {
      bytes = try replacing(found, with: value)
    } else {
      bytes = document.adding(Value.Entry(setting, .text(value)), before: startOfOpenStanza)
    }
    return try reading(bytes, back: setting, value, at: found)
  }

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
      let mappings = other.name.split(separator: ".", omittingEmptySubsequences: false)
        .prefix { $0 != "<<" }
      if mappings.count < other.name.count(where: { $0 == "." }) + 1,
        setting.hasPrefix(mappings.map { $0 + "." }.joined())
      {
        throw other.unsupported("a merge key (<<)", as: setting)
      }
    }
  }

  private func replacing(_ found: GivenSetting, with value: String) throws(SettingsError) -> [UInt8]
  {
    let node = found.node
    if case .text(let text) = found.value, text.partsAtCommas.count > 1 { throw found.several }
    guard let items = node.items else { return try rewriting(node, of: found, as: value) }
    guard items.count < 2 else { throw found.several }
    // A forced list becomes a text with its brackets.
    if found.name.hasPrefix("force.") || items.isEmpty {
      guard node.isFlow, node.tag == nil, document.isOnOneLine(node) else {
        throw found.unsupported("a list")
      }
      return document.rewriting(flow: node, as: .text(value))
    }
    return try rewriting(items[0], of: found, as: value)
  }

  private func rewriting(
    _ node: Node, of found: GivenSetting, as value: String
  ) throws(SettingsError) -> [UInt8] {
    guard case .scalar(_, let style) = node.content else {
      throw found.unsupported("an alias (*name)")
    }
    if node.anchor != nil { throw found.unsupported("an anchor (&name)") }
    if node.tag != nil { throw found.unsupported("a tag") }
    guard style != .literal, style != .folded, document.isOnOneLine(node) else {
      throw found.unsupported("a value of several lines")
    }
    return document.rewriting(scalar: node, as: value)
  }

  /// Reads an edited file, which must differ in the one setting and in nothing else.
  private func reading(
    _ bytes: [UInt8], back setting: String, _ value: String, at found: GivenSetting?
  ) throws(SettingsError) -> SettingsFile {
    let refusal = SettingsError.notEditable(
      setting: setting, line: found?.node.line,
      problem: "the change would not leave everything else as it is")
    guard let after = try? SettingsFile.parse(bytes), let now = try? after.place(of: setting),
      now.only?.utf8.elementsEqual(value.utf8) == true
    else { throw refusal }
    func others(_ file: SettingsFile, _ own: GivenSetting?) -> [Said] {
      file.given.filter { $0 != own }.map { Said(name: $0.name, value: $0.value) }
    }
    guard others(self, found) == others(after, now) else { throw refusal }
    return after
  }

  private struct Said: Equatable {
    let name: String
    let value: SettingValue
  }

  /// Where the last stanza of the security auto configuration begins, if its end is missing.
  private var startOfOpenStanza: Int? {
    let lines = document.source.split(separator: UInt8(ascii: "\n"))
    func last(_ words: String) -> ArraySlice<UInt8>? {
      lines.last { $0.drop { "#- ".utf8.contains($0) }.starts(with: words.utf8) }
    }
    let begin = last("BEGIN SECURITY AUTO CONFIGURATION")
    let end = last("END SECURITY AUTO CONFIGURATION")
    guard let begin, end.map({ $0.startIndex < begin.startIndex }) ?? true else { return nil }
    return begin.startIndex
  }

  /// Why Elasticsearch would not read a value as it is written.
  private static func check(_ value: String, for setting: String) throws(SettingsError) {
    let characters = value.unicodeScalars
    let reason: String
    if characters.isEmpty {
      reason = "it is empty"
    } else if value.isSplitAtCommas {
      reason = "Elasticsearch would read a list at the comma"
    } else if value.hasVariable {
      reason = "Elasticsearch would replace the variable"
    } else if characters.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
      reason = "it has a control character"
    } else if characters.first == " " || characters.last == " " {
      reason = "it begins or ends with a blank"
    } else {
      return
    }
    throw .unusable(setting: setting, value: value, reason: reason)
  }
}

extension GivenSetting {
  /// The value, where it is one text; also as the only item of a list.
  fileprivate var only: String? {
    switch value {
    case .text(let text): text
    case .list(let items) where items.count == 1 && !name.hasPrefix("force."): items[0]
    case .null, .list: nil
    }
  }

  func unsupported(_ form: String, as setting: String? = nil) -> SettingsError {
    .unsupported(setting: setting ?? name, line: node.line, form: form)
  }

  fileprivate var several: SettingsError { .several(setting: name, line: node.line) }
}

extension String {
  /// Elasticsearch splits at commas, even inside quotes.
  var isSplitAtCommas: Bool { utf8.contains(UInt8(ascii: ",")) }

  /// The parts between commas, byte by byte: Swift takes a comma and an accent behind it for one
  /// character, and Java does not. Empty ones do not count.
  var partsAtCommas: [Substring] { utf8.split(separator: UInt8(ascii: ",")).map(Substring.init) }

  /// Whether `${…}` is in it, which Elasticsearch replaces by a variable of its environment.
  var hasVariable: Bool {
    zip(utf8, utf8.dropFirst()).contains { $0 == UInt8(ascii: "$") && $1 == UInt8(ascii: "{") }
  }
}
