import Testing

@testable import Fuzz

/// The fuzzer sees only what its properties see: each of them notices what it is there for.
@Suite struct PropertyTests {
  private func edit(_ before: String, _ after: String) throws -> YAMLEdit {
    try YAMLEdit(from: Array(before.utf8), to: Array(after.utf8))
  }

  @Test func aReplacedValueIsNoticedWithWhateverElseChanged() throws {
    let before = "a: b # c\npath.data: /x # y\nd: e\n"
    try edit(before, "a: b # c\npath.data: /z # y\nd: e\n").replacesOneValue(by: "/z")
    for after in [
      "a: b # c\npath.data: /y # y\nd: e\n", "a: b # c\npath.data: /z\nd: e\n",
      "a: b # c\npath.data: /z # y\nd: f\n", "a: b\npath.data: /z # y\nd: e\n",
      "a: b # c\npath.data: !!str /z # y\nd: e\n", "a: b # c\npath.data: [/z] # y\nd: e\n",
      "a: b # c\r\npath.data: /z # y\nd: e\n", "a: b # c\npath.data: /z # y\nd: e", before,
    ] {
      #expect(throws: BrokenProperty.self, "\(after)") {
        try edit(before, after).replacesOneValue(by: "/z")
      }
    }
  }

  @Test func aListOfOneValueMayBecomeThatValue() throws {
    try edit("a: [b] # c\n", "a: d # c\n").replacesOneValue(by: "d")
    try edit("a: []\n", "a: d\n").replacesOneValue(by: "d")
    #expect(throws: BrokenProperty.self) {
      try edit("a: [b, c]\n", "a: d\n").replacesOneValue(by: "d")
    }
  }

  @Test func anAdditionIsNoticedWithWhateverElseChanged() throws {
    let before = "# c\nd: e\n"
    try edit(before, "# c\nd: e\npath.data: /z\n").adds(["path.data", "/z"])
    try edit("", "path.data: /z\n").adds(["path.data", "/z"])
    for after in [
      "# c\nd: e\npath.data: /y\n", "d: e\npath.data: /z\n", "# c\npath.data: /z\n", before,
      "# c\nd: f\npath.data: /z\n", "# c\nd: e\npath.data: /z\nf: g\n",
    ] {
      #expect(throws: BrokenProperty.self, "\(after)") {
        try edit(before, after).adds(["path.data", "/z"])
      }
    }
  }

  @Test func aTextThatIsNoYAMLIsNoEdit() {
    #expect(throws: BrokenProperty.self) { try edit("a: b\n", "a: [\n") }
    #expect(throws: BrokenProperty.self) { try edit("a: [\n", "a: b\n") }
  }

  @Test func theChecksumIsThatOfRealFiles() {
    #expect(LuceneFrame.sealed(Array("123456789".utf8)).count == 9 + 16)
    let frame = LuceneFrame.sealed([])
    // Of c02893e800000000, by zlib.
    #expect(frame.suffix(4) == [0x60, 0x80, 0x07, 0x56])
    #expect(LuceneFrame.isSealed(frame))
    for damaged in LuceneFrame.damages(of: frame) { #expect(!LuceneFrame.isSealed(damaged)) }
  }

  @Test func theOracleOfJVMOptionsKnowsElasticsearchsGrammar() {
    let text = "# c\n\n-Xa\r\n8:-Xb\r8-:-Xc\n8-9:-Xd\n 8:-X\n9-8:-X\n:-X\n8 :-X\n-Xe\u{2028}"
    let oracle = JVMOracle(Array(text.utf8))
    #expect(oracle.invalidLines == [7, 8, 9, 10, 11])
    let options = oracle.options(java: 9).map { String(decoding: $0, as: UTF8.self) }
    #expect(options == ["-Xa", "-Xc", "-Xd"])
    #expect(oracle.lines.flatMap(\.bytes).elementsEqual(text.utf8))
  }
}
