import Testing

@testable import Elasticsearch

/// Variables in `elasticsearch.yml` since 8.2: they are put into the text before it is parsed.
@Suite struct VariableTextTests {
  private let variables = [
    "A": "/a", "LIST": "[/a, /b]", "LINE": "path.data: /l", "EMPTY": "", "A${B": "odd",
    "FORCE":
      "force.path.data: /f", "COLON": "/x: y",
  ]

  private func replaced(_ text: String) -> String {
    String(decoding: VariableText.replaced(in: Array(text.utf8)) { variables[$0] }, as: UTF8.self)
  }

  private func paths(_ text: String, by version: ElasticsearchVersion?) throws -> [String] {
    try SettingsFile.parse(Array(text.utf8)).dataPaths(by: version) { variables[$0] }
  }

  @Test(arguments: [
    ("x: ${A}\n", "x: /a\n"), ("${A}${A}", "/a/a\n"),
    ("# ${A}\r\ny: ${EMPTY}\r\n", "# /a\r\ny: \r\n"),
    ("${NO}${A}\n", "${NO}/a\n"), ("${A:d}\n", "${A:d}\n"), ("${A\n}${A}\n", "${A\n}/a\n"),
    ("${A${B}}\n", "odd}\n"), ("$A {A} $${A}\n", "$A {A} $/a\n"), ("${", "${\n"), ("", ""),
    ("a\r${A}\r", "a\r/a\r"), ("é${A}ü\n", "é/aü\n"), ("${A\n", "${A\n"),
  ])
  func variablesAreReplacedLineByLine(_ text: String, _ result: String) {
    #expect(replaced(text) == result)
  }

  @Test func aVariableMayBeAListOrWholeLinesSince82() throws {
    let (before, since) = (ElasticsearchVersion(8, 1, 3), ElasticsearchVersion(8, 2, 0))
    #expect(try paths("path.data: ${LIST}\n", by: since) == ["/a", "/b"])
    #expect(try paths("path.data: ${LIST}\n", by: before) == ["[/a", "/b]"])
    #expect(try paths("path.data: ${A:/d}\n", by: since) == ["/d"])
    #expect(try paths("path.data: ${A:/d}\n", by: before) == ["/a"])
    #expect(try paths("path.data: /x\n'${FORCE}': 1\n", by: before) == ["/x"])
    #expect(try paths("path.data: ${b}\nb: ${A}\n", by: since) == ["/a"])
    #expect(throws: SettingsError.self) { try paths("path.data: ${COLON}\n", by: since) }
    let openSearch = ElasticsearchVersion(2, 11, 0, of: .openSearch)
    #expect(try paths("path.data: ${A:/d}\n", by: openSearch) == ["/a"])
  }

  @Test func withoutAVersionBothMustSayTheSame() throws {
    #expect(try paths("path.data: ${A}/x\n", by: nil) == ["/a/x"])
    #expect(try paths("path.data: ${NO:/d}\n", by: nil) == ["/d"])
    #expect(throws: SettingsError.dependsOnVersion(setting: "path.data")) {
      try paths("path.data: ${A:/d}\n", by: nil)
    }
    #expect(throws: SettingsError.dependsOnVersion(setting: "path.data")) {
      try paths("path.data: ${LIST}\n", by: nil)
    }
  }
}
