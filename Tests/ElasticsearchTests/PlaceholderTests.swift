import Testing

@testable import Elasticsearch

@Suite struct PlaceholderTests {
  private func replaced(
    _ text: String, _ values: [String: String] = [:]
  ) throws(Placeholders.Unresolved) -> String {
    try Placeholders { values[$0] }.replaced(in: text)
  }

  /// Each was given to Elasticsearch's class.
  @Test(arguments: [
    ("", ""), ("a", "a"), ("$A {A} ${", "$A {A} ${"), ("${A}", "1"), ("x${A}y${B}z", "x1y2z"),
    ("$${A}", "$1"), ("${N:d}", "d"), ("${A:d}", "1"), ("${N:}", ""), ("${a:b:c}", "b:c"),
    ("${N:-/d}", "-/d"), ("${N:${A}}", "1"), ("${${N:A}}", "1"), ("${C}", "12"), ("${N:{}}", "{}"),
    ("${N{E:/d}", "/d"), ("${N:${M:/z}}}", "/z}"), ("}${A}", "}1"), ("${N:ü}", "ü"),
  ])
  func variablesAreReplacedAsElasticsearchDoes(_ text: String, _ expected: String) throws {
    #expect(try replaced(text, ["A": "1", "B": "2", "C": "${A}${B}"]) == expected)
  }

  @Test(arguments: [("${N}", "N"), ("${}", ""), ("${ A }", " A "), ("a${b${A}c}d", "b1c")])
  func whatNothingGivesIsNamed(_ text: String, _ name: String) {
    #expect(throws: Placeholders.Unresolved(name: name)) { try replaced(text, ["A": "1"]) }
  }

  @Test func circlesEnd() {
    #expect(throws: Placeholders.Unresolved(name: "a")) {
      try replaced("${a}", ["a": "${b}", "b": "${a}"])
    }
  }

  @Test func whatWouldNeverEndIsRefused() {
    var values = ["v40": ""]
    for index in 0..<40 { values["v\(index)"] = "${v\(index + 1)}${v\(index + 1)}" }
    #expect(throws: Placeholders.Unresolved.self) { try replaced("${v0}", values) }
    let deep = String(repeating: "${", count: 20_000) + String(repeating: "}", count: 20_000)
    #expect(throws: Placeholders.Unresolved.self) { try replaced(deep) }
    let open = String(repeating: "${", count: 20_000)
    #expect((try? replaced(open)) == open)
  }
}
