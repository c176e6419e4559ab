/// What Elasticsearch has after it has read its file: variables replaced, `force.` applied, numbered
/// settings made lists.
///
/// The steps and their order are those of `Settings.Builder` and `InternalSettingsPreparer` of 7.0.0.
package struct LoadedSettings {
  /// Under the names of the file, before variables and `force.`.
  private var raw: [String: SettingValue] = [:]
  private let environment: (String) -> String?

  init(
    _ given: [GivenSetting], version: ElasticsearchVersion?,
    environment: @escaping (String) -> String?
  ) throws(SettingsError) {
    self.environment = environment
    var lines: [String: Int] = [:]
    for setting in given {
      guard setting.value != .null else {
        throw .null(setting: setting.name, line: setting.node.line)
      }
      raw[setting.name] = setting.value
      let before = lines.updateValue(setting.node.line, forKey: setting.name)
      // Read in the source of 6.8, and gone in that of 7.1.
      if let before, let version, version < ElasticsearchVersion(7, 0, 0) {
        throw .givenTwice(setting: setting.name, lines: [before, setting.node.line])
      }
    }
    try gatherNumbered(lines)
  }

  /// `name.0`, `name.1`, … are a list.
  private mutating func gatherNumbered(_ lines: [String: Int]) throws(SettingsError) {
    for first in raw.keys.sorted() where first.hasSuffix(".0") {
      let name = String(first.dropLast(2))
      var items: [String] = []
      while let item = raw.removeValue(forKey: "\(name).\(items.count)") { items.append(item.text) }
      guard raw.updateValue(.list(items), forKey: name) == nil, !name.hasSuffix(".0") else {
        throw .broken(
          line: lines[first], column: nil, problem: "'\(name)' is given with numbers and without")
      }
    }
  }

  /// A setting as Elasticsearch has it, nil where it has none; never null.
  ///
  /// - Throws: where a variable has no value.
  package func value(of name: String) throws(SettingsError) -> SettingValue? {
    if let forced = try resolved("force." + name) { return .text(forced.text) }
    return try resolved(name)
  }

  /// The data paths as they are written; empty where the default counts, `data` below Elasticsearch's
  /// home.
  package func dataPaths() throws(SettingsError) -> [String] { try paths("path.data") }

  /// The paths that a setting names, as they are written.
  package func paths(_ name: String) throws(SettingsError) -> [String] {
    let paths =
      switch try value(of: name) {
      case nil, .null: [String]()
      case .list(let paths): paths
      case .text(let text): text.itemsAtCommas
      }
    guard !paths.contains(where: { $0.utf8.contains(0) }) else {
      throw .broken(line: nil, column: nil, problem: "'\(name)' has a zero byte")
    }
    return paths
  }

  /// Every setting as Elasticsearch has it.
  package func all() throws(SettingsError) -> [String: SettingValue] {
    var all: [String: SettingValue] = [:]
    for key in raw.keys {
      let name = key.hasPrefix("force.") ? String(key.dropFirst("force.".count)) : key
      all[name] = try value(of: name)
    }
    return all
  }

  private func resolved(_ name: String) throws(SettingsError) -> SettingValue? {
    let placeholders = Placeholders { environment($0) ?? raw[$0]?.text }
    do throws(Placeholders.Unresolved) {
      switch raw[name] {
      case nil, .null: return nil
      case .text(let text):
        let text = try placeholders.replaced(in: text)
        return text.isEmpty ? nil : .text(text)
      case .list(let items):
        var texts: [String] = []
        for item in items { texts.append(try placeholders.replaced(in: item)) }
        return .list(texts)
      }
    } catch {
      throw .unresolved(setting: name, variable: error.name)
    }
  }
}

extension SettingValue {
  /// As Elasticsearch writes a list where a text is wanted.
  fileprivate var text: String {
    switch self {
    case .null: ""
    case .text(let text): text
    case .list(let items): "[" + items.joined(separator: ", ") + "]"
    }
  }
}

extension String {
  /// The list that Elasticsearch reads in a text. What is empty at its end does not count (`String.split`
  /// of Java); what is empty before that is an item, and as a path the working directory.
  var itemsAtCommas: [String] {
    var parts = unicodeScalars.split(separator: ",", omittingEmptySubsequences: false)
    while parts.last?.isEmpty == true { parts.removeLast() }
    return parts.map(\.trimmedAsJava)
  }
}

extension Substring.UnicodeScalarView {
  /// Without the characters up to the blank at both ends (`String.trim` of Java).
  fileprivate var trimmedAsJava: String {
    guard let first = firstIndex(where: { $0 > " " }), let last = lastIndex(where: { $0 > " " })
    else { return "" }
    return String(self[first...last])
  }
}
