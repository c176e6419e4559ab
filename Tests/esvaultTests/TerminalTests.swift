import Testing

@testable import esvault

@Suite struct TerminalTests {
  @Test func textOfOthersDoesNotSpeakToTheTerminal() {
    #expect(Terminal.printable("a\u{1b}[2Jb\r\u{9b}31m\u{0}\u{7f}") == "a?[2Jb??31m??")
    #expect(Terminal.printable("a\r\nb") == "a?\nb")
    #expect(Terminal.printable("a\u{202E}b\u{200B}\u{2066}\u{2028}\n") == "a?b???\n")
    #expect(Terminal.line("a\r\nb\u{202E}") == "a??b?")
  }

  @Test func otherTextStaysAsItIs() {
    let text = "über 'x' – 64 GiB\n  second line"
    #expect(Terminal.printable(text) == text)
  }
}
