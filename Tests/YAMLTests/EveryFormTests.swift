import Testing

@testable import YAML

/// What is read where every form of YAML is asked for.
@Suite struct EveryFormTests {
  private func parse(_ text: String) throws(YAMLError) -> Document {
    try Document.parse(Array(text.utf8), forms: .all)
  }

  @Test func anchorsAliasesAndMergeKeysAreKeptAsTheyAre() throws {
    let root = try #require(try parse("a: &x 1\nb: *x\n<<: {c: 2}\na: 3\n").root)
    let entries = try #require(root.entries)
    #expect(entries.map { $0.key.text } == ["a", "b", "<<", "a"])
    #expect(entries[0].value.anchor == "x")
    #expect(entries[1].value.content == .alias("x"))
  }

  @Test(arguments: ["a: 1\n---\nb: 2\n", "a: [\n", "a: 1\n...\nb: 2\n"])
  func whatIsNotOneDocumentIsStillRefused(_ text: String) {
    #expect(throws: YAMLError.self) { try parse(text) }
  }

  @Test(arguments: [
    ("a:\t1\n", 1), ("a: 1\nb: 'x'\t\n", 2), ("a: [1,\t2]\n", 1), ("a: |\t\n  x\n", 1),
    ("a: b\n \tc\n", 2), ("a: \"\\/\"\n", 1), ("a: [x?]\n", 1), ("a: 1\n? \n: 2\n", 2),
    ("a: !!str\tb\n", 1), ("a: |#c\n  x\n", 1), ("a: {b: c}\t# d\n", 1),
  ])
  func whatSnakeYAMLRefusesIsFoundWithItsLine(_ text: String, line: Int) throws {
    #expect(try parse(text).refusalOfSnakeYAML()?.line == line)
  }

  @Test(arguments: [
    "", "a: 1\t# c\n", "a\t: 1\n", "a: 'x\ty'\n", "a: \"x\n\ty\"\n", "a: |\n  x\ty\n", "# \t\n",
    "a: x?\n", "a: ['x?']\n", "a: \"\\\\/\"\n", "a: | # c\n  x\n", "a: x#\ty\n", "[a\t, b]\n",
  ])
  func whatSnakeYAMLTakesIsNotRefused(_ text: String) throws {
    #expect(try parse(text).refusalOfSnakeYAML() == nil)
  }

  @Test(arguments: [
    ("", "p: x\n"), ("a: 1", "a: 1\np: x"), ("a: 1\n...\n", "a: 1\np: x\n...\n"),
    ("{}", "{p: x}"), ("{a: 1}", "{a: 1, p: x}"), ("{a: 1,\r\n}\r\n", "{a: 1, p: x,\r\n}\r\n"),
    ("  a: 1\r\n", "  a: 1\r\n  p: x\r\n"), ("--- # c\na: &x 1\n", "--- # c\na: &x 1\np: x\n"),
  ])
  func anEntryIsAddedToAnyRoot(_ before: String, _ after: String) throws {
    let bytes = try parse(before).adding(Value.Entry("p", .text("x")))
    #expect(String(decoding: bytes, as: UTF8.self) == after)
  }
}
