/// Puts variables into the text of `elasticsearch.yml` before it is parsed, as Elasticsearch does since
/// 8.2 (elastic/elasticsearch#85186, and #90823 for the version; `InternalSettingsPreparer`, read in the
/// source of 8 and 9; not run).
///
/// So a value may be a list or whole lines, and comments have variables too. What the environment does not
/// give stays as it is written, and may be another setting: ``Placeholders``. That goes for `${NAME:default}`
/// as well, which is looked up under all that is in the braces.
enum VariableText {
  static func replaced(in source: [UInt8], _ value: (String) -> String?) -> [UInt8] {
    var result: [UInt8] = []
    var rest = source[...]
    while let start = rest.firstVariable {
      result += rest[..<start]
      rest = rest[start...]
      let end = rest.firstIndex { $0 == UInt8(ascii: "}") || isBreak($0) }
      guard let end, !isBreak(rest[end]) else {
        // Never closed on its line, of which the rest stays.
        let next = end ?? rest.endIndex
        result += rest[..<next]
        rest = rest[next...]
        continue
      }
      let name = String(decoding: rest[(start + 2)..<end], as: UTF8.self)
      result += value(name).map { Array($0.utf8) } ?? Array(rest[...end])
      rest = rest[(end + 1)...]
    }
    result += rest
    // Every line gets an end.
    return result.last.map(isBreak) ?? true ? result : result + [UInt8(ascii: "\n")]
  }

  private static func isBreak(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }
}

extension ArraySlice<UInt8> {
  fileprivate var firstVariable: Int? {
    indices.dropLast().first { self[$0] == UInt8(ascii: "$") && self[$0 + 1] == UInt8(ascii: "{") }
  }
}
