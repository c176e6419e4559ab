import Foundation
import Lab
import Testing

/// What must say the same in the places that describe a release.
@Suite struct ReleaseTests {
  @Test(arguments: [
    ("debian/changelog", #"(?m)\Aesvault \((.+)\) "#), ("CHANGELOG.md", #"(?m)^## (.+)$"#),
    ("Packaging/esvault.spec", #"(?m)^Version: (.+)$"#),
  ])
  func everyFileNamesTheSameVersion(_ file: String, _ pattern: String) throws {
    let regex = try Regex(pattern, as: (Substring, Substring).self)
    let version = try #require(try text(file).firstMatch(of: regex)).output.1
    #expect(try Tool.run("--version").output == "esvault \(version)\n")
  }

  /// A package of either kind says the same when it is removed.
  @Test func bothKindsOfPackageSayTheSame() throws {
    let said = try ["debian/esvault.prerm", "debian/esvault.postrm"].flatMap(messages)
    #expect(said.count == 4)
    #expect(try messages("Packaging/esvault.spec") == said)
  }

  @Test func everyManualPageThatTheUnitNamesIsOfACommand() throws {
    let unit = try text("Packaging/esvault-provision.service")
    let pages = unit.matches(of: /man:esvault(?:-([a-z]+))?\(8\)/).map { String($0.output.1 ?? "") }
    #expect(pages == ["", "provision"] && unit.matches(of: /man:/).count == 2)
    for page in pages { #expect(try Tool.run("help", page).status == 0, "\(page)") }
  }

  @Test func theExampleOfAConfigurationIsOne() throws {
    let example = try text("Packaging/esvault.yml")
    let scratch = try Scratch()
    let right = try scratch.file("right.yml", Array(example.utf8))
    #expect(try Tool.run("status", "--config", right).output.hasPrefix("esvol"))
    let wrong = example.replacing("mount:", with: "mounts:")
    #expect(
      try Tool.run("status", "--config", scratch.file("wrong.yml", Array(wrong.utf8))).status == 2)
  }

  private func messages(_ file: String) throws -> [String] {
    try text(file).split(separator: "\n").filter { $0.hasPrefix("esvault: ") }.map(String.init)
  }

  private func text(_ file: String) throws -> String {
    try Checkout.text(of: file)
  }
}
