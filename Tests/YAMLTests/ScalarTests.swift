import Testing

@testable import YAML

@Suite struct ScalarTests {
  @Test(arguments: [
    "/mnt/es/elasticsearch", "esvol", "vol0123456789abcdef0", "a_b.c-d",
    "3f0c1a2b-0000-4000-8000-123456789abc",
  ])
  func ordinaryNamesNeedNoQuotes(_ text: String) {
    #expect(Scalar.quoted(text) == text)
  }

  @Test(arguments: [
    "", " ", "a b", " a", "yes", "No", "NULL", "~", "1", "0x1f", "1e5", "2001-12-14", "1:30",
    "a: b", "a #b", "#a", "a,b", "[a]", "{a", "&a", "*a", "!a", "|", ">", "%a", "@a", "`a", "'",
    "\"", "\\", "a:", "-", "- a", "?", "tab\there", "line\nbreak", "\u{0}\u{7F}\u{85}\u{2028}",
    "é", "\u{FEFF}", "😀", "\r\n", "true", "=", "<<", ".5", "-1",
  ])
  func everyTextReadsBackInBlockAndInBrackets(_ text: String) throws {
    #expect(Scalar.quoted(text).hasPrefix("\""))
    #expect(try parse("k: " + Scalar.quoted(text)).root?["k"]?.text == text)
    #expect(
      try parse("k: {a: [" + Scalar.quoted(text) + "]}").root?["k"]?["a"]?.items?[0].text == text)
  }

  @Test func randomTextsReadBack() throws {
    var random = Numbers(seed: 11)
    let alphabet = Array("ab/:-. #'\"\\,[]{}0123yn\n\t~é\u{1}".unicodeScalars)
    for _ in 0..<500 {
      var text = String.UnicodeScalarView()
      for _ in 0..<random.below(12) { text.append(alphabet[random.below(alphabet.count)]) }
      let scalar = Scalar.quoted(String(text))
      let read = try parse("k: [" + scalar + "]").root?["k"]?.items?.first?.text
      #expect(read == String(text), "\(scalar)")
    }
  }
}
