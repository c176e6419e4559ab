import Testing

@testable import YAML

func parse(_ text: String) throws(YAMLError) -> Document {
  try Document.parse(Array(text.utf8))
}

@Suite struct ReadingTests {
  @Test func nodesKnowTheirBytesAndLines() throws {
    let document = try parse("# top\nä: 'ö'  # é\npath:\n  data: /x\n")
    let umlaut = try #require(document.root?["ä"])
    #expect(umlaut.line == 2)
    #expect(String(decoding: document.source[umlaut.range], as: UTF8.self) == "'ö'")
    let data = try #require(document.root?["path"]?["data"])
    #expect(data.line == 4 && data.column == 9)
    #expect(String(decoding: document.source[data.range], as: UTF8.self) == "/x")
  }

  @Test func byteOrderMarkAndWindowsLinesAreRead() throws {
    let document = try parse("\u{FEFF}a: 1\r\nb: \"x y\"\r\n")
    let b = try #require(document.root?["b"])
    #expect(b.text == "x y" && b.line == 2)
    #expect(String(decoding: document.source[b.range], as: UTF8.self) == "\"x y\"")
  }

  @Test(arguments: ["", "\n\n", "# only a comment", "\u{FEFF}", "  # x\r\n", "---\n"])
  func textsWithoutContentHaveNoRootOrNull(_ text: String) throws {
    #expect(try parse(text).root?.isNull ?? true)
  }

  @Test func nothingAndTildeAreNullAndQuotesAreNot() throws {
    let root = try #require(try parse("a:\nb: ~\nc: ''\nd: null\ne: 'null'\n").root)
    #expect(
      ["a", "b", "c", "d", "e"].map { root[$0]!.isNull } == [true, true, false, true, false])
  }

  @Test func aBlockEndsWhereItsLastValueEnds() throws {
    let document = try parse("v:\n  - a: 1  # one\n    b: 2  # two\n\n# end\n")
    let item = try #require(document.root?["v"]?.items?.first)
    #expect(String(decoding: document.source[item.range], as: UTF8.self) == "a: 1  # one\n    b: 2")
  }

  @Test func theSecondOfTwoEqualKeysIsRefusedWithBothLines() {
    #expect(throws: YAMLError.self) { try parse("a: 1\nb: 2\n'a': 3\n") }
    do throws(YAMLError) {
      _ = try parse("x:\n  a: 1\n  b: 2\n  'a': 3\n")
    } catch {
      #expect(error.kind == .duplicate(key: "a", first: 2))
      #expect(error.description == "line 4, column 3: 'a' is already on line 2")
    }
  }

  @Test(arguments: [
    ("a: 1\n---\nb: 2\n", 2, "a second document begins here; one is expected"),
    ("a: &x 1\n", 1, "anchors (&name) are not supported"),
    ("a: 1\nb: *x\n", 2, "aliases (*name) are not supported"),
    ("a: 1\n<<: {b: 2}\n", 2, "merge keys (<<) are not supported"),
    ("? [a, b]\n: 1\n", 1, "a collection as a key is not supported"),
    ("{a: 1}: 1\n", 1, "a collection as a key is not supported"),
    ("!!str a: 1\n", 1, "a tag on a key is not supported"),
    ("a: 1\n?\n: 2\n", 2, "a key is missing before the colon"),
  ])
  func unsupportedFormsAreNamedWithTheirLine(_ text: String, line: Int, problem: String) {
    do throws(YAMLError) {
      _ = try parse(text)
      Issue.record("read: \(text)")
    } catch {
      #expect(error.line == line)
      #expect(error.problem == problem)
    }
  }

  @Test(arguments: [
    ("a: 1\n\tb: 2\n", 2), ("a: [1, 2\n", 2), ("a: 'x\n", 2), ("a: 1\n b: 2\n", 2),
    ("a: \"\\q\"\n", 1), ("a: 1\nb: \u{1}\n", 2), ("a: @x\n", 1), ("%YAML 3.0\n---\na: 1\n", 1),
  ])
  func brokenTextIsRefusedWithItsLine(_ text: String, line: Int) {
    do throws(YAMLError) {
      _ = try parse(text)
      Issue.record("read: \(text)")
    } catch {
      #expect(error.kind == .broken, "\(error)")
      #expect(error.line == line, "\(error)")
    }
  }

  @Test func bytesThatAreNoTextAreRefused() {
    for bytes: [UInt8] in [[0xFF, 0xFE, 0x61, 0], [0x61, 0x3A, 0x20, 0xC3], [0x61, 0, 0x62]] {
      #expect(throws: YAMLError.self) { try Document.parse(bytes) }
    }
  }

  @Test func hostileDepthAndSizeAreRefusedAndDoNotCrash() {
    for open in ["[", "{a: ", "- ", "a:\n "] {
      #expect(throws: YAMLError.self) { try parse(String(repeating: open, count: 20_000)) }
    }
    let large = [UInt8](repeating: UInt8(ascii: "#"), count: Document.greatestSize + 1)
    #expect(throws: YAMLError.self) { try Document.parse(large) }
  }

  @Test func randomBytesNeverCrash() {
    var random = Numbers(seed: 7)
    let alphabet = Array("a:- \n\t#'\"[]{}&*!|>%@,?\\\r~é\u{FEFF}0".utf8)
    for _ in 0..<3000 {
      let bytes = (0..<random.below(40)).map { _ in alphabet[random.below(alphabet.count)] }
      guard let document = try? Document.parse(bytes) else { continue }
      visit(document.root) { #expect($0.range.upperBound <= bytes.count) }
    }
  }

  private func visit(_ node: Node?, _ body: (Node) -> Void) {
    guard let node else { return }
    body(node)
    for item in node.items ?? [] { visit(item, body) }
    for entry in node.entries ?? [] {
      visit(entry.key, body)
      visit(entry.value, body)
    }
  }
}

/// A small generator of numbers that are the same in every run (xorshift).
struct Numbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func below(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state >> 16) % max(bound, 1)
  }
}
