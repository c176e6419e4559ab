import Elasticsearch

/// What holds for every `elasticsearch.yml` whose path.data is set.
///
/// The input is such a file. A zero byte, which no YAML has, ends it, and what follows is the value.
enum SettingsProperties {
  private static let setting = "path.data"

  static func check(_ input: [UInt8]) throws(BrokenProperty) {
    let parts = input.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    let text = Array(parts[0])
    let value = parts.count > 1 ? String(decoding: parts[1], as: UTF8.self) : "/srv/new/data"
    let after: [UInt8]
    do {
      after = try SettingsFile.parse(text).setting(setting, to: value)
    } catch {
      _ = error.description
      return
    }
    try checkReadBack(after, value)
    guard after != text else { return }
    let edit = try YAMLEdit(from: text, to: after)
    if edit.isAddition {
      try edit.adds([setting, value])
    } else {
      try edit.replacesOneValue(by: value)
      // Java splits at the byte, whatever accent follows it.
      let paths = edit.replacedText?.utf8.split(separator: UInt8(ascii: ",")) ?? []
      let isSeveral = paths.filter { !$0.allSatisfy { $0 <= 0x20 } }.count > 1
      try demand(!isSeveral, "several paths are not replaced by one")
    }
  }

  private static func checkReadBack(
    _ after: [UInt8], _ value: String
  ) throws(BrokenProperty) {
    do {
      let file = try SettingsFile.parse(after)
      let read = try file.value(of: setting)?.value
      try demand(read?.utf8.elementsEqual(value.utf8) == true, "the value reads back")
      let again = try file.setting(setting, to: value)
      try demand(again == after, "the same edit once more changes nothing")
    } catch let error as BrokenProperty {
      throw error
    } catch {
      throw BrokenProperty(description: "what was edited can be read: \(error)")
    }
  }
}
