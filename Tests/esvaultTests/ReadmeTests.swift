import Foundation
import Lab
import Testing

/// What the README shows can be typed as it stands.
@Suite struct ReadmeTests {
  @Test func everyCommandIsUnderstood() throws {
    let commands = try Readme().commands
    #expect(commands.count >= 10)
    for words in commands {
      // An ordinary user can change nothing, and a wrong command line is found first.
      let outcome = try Tool.runAsNobody(words)
      #expect([0, 1, 2, 3].contains(outcome.status), "esvault \(words.joined(separator: " "))")
    }
  }

  @Test func everyOptionIsInTheHelp() throws {
    let options = try Readme().options
    #expect(options.count >= 10)
    let help = try [
      "esvault", "devices", "provision", "unlock", "lock", "status", "audit", "report", "inspect",
    ].map {
      try Checkout.text(of: "Documentation/help/\($0).txt")
    }.joined()
    let known = Set(help.matches(of: /--[a-z-]+/).map { String($0.output) })
    #expect(options.subtracting(known).isEmpty)
  }

  @Test func everyMakeTargetExists() throws {
    let targets = try Readme().makeTargets
    #expect(targets.isSuperset(of: ["demo", "test"]))
    let makefile = try Checkout.text(of: "Makefile")
    for target in targets { #expect(makefile.contains("\n\(target):"), "make \(target)") }
  }

  @Test func everyLinkLeadsToAFile() throws {
    let links = try Readme().links
    #expect(!links.isEmpty)
    for link in links {
      #expect(FileManager.default.fileExists(atPath: "\(Checkout.folder)/\(link)"), "\(link)")
    }
  }

  @Test func wordsAreFoundWhereverACommandStands() {
    let readme = Readme(
      """
      Text with `esvault devices`, `--yes`, `--wipe DEVICE`, `make test`, `ls --all` and [a](b/c).
      ```sh
      sudo esvault provision vol1 \\
        --heap 15g   # half
      pass show es | esvault provision --key-file - | cat
      losetup --find; make demo
      ```
      """)
    #expect(
      Set(readme.commands) == [
        ["devices"], ["provision", "vol1", "--heap", "15g"], ["provision", "--key-file", "-"],
      ])
    #expect(readme.options == ["--yes", "--wipe"])
    #expect(readme.makeTargets == ["test", "demo"])
    #expect(readme.links == ["b/c"])
  }
}

/// The README, as far as its words can be checked.
private struct Readme {
  /// What stands in fences, line by line, and in spans of code.
  private let code: [String]
  let links: [String]

  init() throws {
    self.init(try Checkout.text(of: "README.md"))
  }

  init(_ text: String) {
    var lines: [String] = []
    var prose = ""
    for (index, part) in text.components(separatedBy: "```").enumerated() {
      guard !index.isMultiple(of: 2) else {
        prose += part
        continue
      }
      let joined = part.replacing("\\\n", with: " ")
      lines += joined.split(separator: "\n").dropFirst().map(String.init)
    }
    code = lines + prose.matches(of: /`([^`]+)`/).map { String($0.output.1) }
    links = prose.matches(of: /\]\(([^):#]+)\)/).map { String($0.output.1) }
  }

  /// The words after `esvault`, of every command line.
  var commands: [[String]] {
    code.flatMap { line in
      line.matches(of: /(?:^|\| |^# |^sudo )esvault ([a-z-][^|<>#;]*)/).map { match in
        match.output.1.split(separator: " ").map(String.init)
      }
    }
  }

  /// The options that are spoken of by themselves.
  var options: Set<String> {
    Set(code.compactMap { $0.prefixMatch(of: /--[a-z-]+/).map { String($0.output) } })
  }

  var makeTargets: Set<String> {
    Set(code.flatMap { $0.matches(of: /(?:^|; )make ([a-z]+)/).map { String($0.output.1) } })
  }
}
