import Lab
import Testing

/// The help is what `Documentation/help` says; after a deliberate change, write it anew:
/// `.build/debug/esvault help provision >Documentation/help/provision.txt`.
@Suite struct HelpTests {
  @Test func theOverviewIsAsChecked() throws {
    try expectHelp("esvault", try Tool.run("--help"))
  }

  @Test(arguments: [
    "devices", "provision", "unlock", "lock", "status", "audit", "report", "inspect",
  ])
  func theHelpOfACommandIsAsChecked(_ command: String) throws {
    try expectHelp(command, try Tool.run("help", command))
    #expect(try Tool.run(command, "--help").output == Tool.run("help", command).output)
  }

  @Test func theVersionIsPrinted() throws {
    let outcome = try Tool.run("--version")
    #expect(outcome.output == "esvault 0.1.0\n")
    #expect(outcome.status == 0)
  }

  @Test(arguments: ["", "devices", "provision", "unlock", "lock", "audit", "report", "inspect"])
  func everyExampleIsACommandThatIsUnderstood(_ command: String) throws {
    let help = try Tool.run("help", command).output
    let examples = help.split(separator: "\n").filter { $0.hasPrefix("  esvault ") }
    #expect(!examples.isEmpty)
    for line in examples {
      let words = line.split(separator: " ")
      let options = try Tool.run("help", String(words[1])).output
      for word in words where word.hasPrefix("--") {
        #expect(options.contains("\n  \(word)"), "\(line)")
      }
    }
  }

  private func expectHelp(_ name: String, _ outcome: Tool.Outcome) throws {
    let checked = try Checkout.text(of: "Documentation/help/\(name).txt")
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    #expect(outcome.output == checked, "\(difference(checked, outcome.output))")
  }

  /// The lines that are gone (-) and new (+).
  private func difference(_ old: String, _ new: String) -> String {
    let (old, new) = (old.split(separator: "\n"), new.split(separator: "\n"))
    return new.difference(from: old).map { change in
      switch change {
      case .remove(let line, let text, _): "- \(line + 1): \(text)"
      case .insert(let line, let text, _): "+ \(line + 1): \(text)"
      }
    }.joined(separator: "\n")
  }
}
