import Foundation
import Testing
import Vault

@testable import esvault

/// The command as scripts and units run it. None of these machines has a volume.
@Suite struct StatusTests {
  private static let recorded = """
    version: 1
    volumes:
      - {name: a, device: vol-of-nobody, uuid: 11111111-7d0e-4f0e-9c1b-0d6f2a9b1c11}
      - {name: b, mount: /mnt/b}

    """

  private func gate(_ configuration: String?, _ names: String...) throws -> Tool.Outcome {
    let scratch = try Scratch()
    if let configuration { _ = try scratch.file("c.yml", Array(configuration.utf8)) }
    let outcome = try Tool.run(
      ["status", "--require", "--config", scratch.path + "/c.yml"] + names)
    #expect(outcome.output.isEmpty)
    return Tool.Outcome(
      status: outcome.status, output: "",
      errors: outcome.errors.replacingOccurrences(of: scratch.path, with: ""))
  }

  @Test func theGateNamesTheFirstProblemOfEachVolumeInOneLine() throws {
    let outcome = try gate(Self.recorded)
    #expect(outcome.status == 1)
    #expect(
      outcome.errors == """
        esvault: volume 'a' is not open, and its disk 'vol-of-nobody' is not there: attach the disk, then run 'esvault unlock'
        esvault: volume 'b' is not made yet: run 'esvault provision --name b'

        """)
    #expect(try gate(Self.recorded, "b").errors.split(separator: "\n").count == 1)
  }

  @Test func theGateIsShutWithoutAConfiguration() throws {
    for configuration in [nil, "", "version: 1\n"] {
      let outcome = try gate(configuration)
      #expect(outcome.status == 1)
      #expect(
        outcome.errors == "esvault: there is no volume in '/c.yml': run 'esvault provision'\n")
    }
  }

  @Test func theGateIsShutForAVolumeThatIsNotConfigured() throws {
    let outcome = try gate(Self.recorded, "c")
    #expect(outcome.status == 1)
    #expect(
      outcome.errors == "esvault: the configuration has no volume 'c': it has: 'a', 'b'.\n")
    #expect(
      try gate(nil, "c").errors
        == "esvault: the configuration has no volume 'c': make one: esvault provision --name c\n")
  }

  @Test func theGateIsShutWhenTheConfigurationIsBroken() throws {
    let outcome = try gate("version: 1\nvolume: []\n")
    #expect(outcome.status == 1)
    #expect(
      outcome.errors.hasPrefix("esvault: the configuration '/c.yml' cannot be used: line 2: "))
    #expect(outcome.errors.hasSuffix(": mend it: editor /c.yml\n"))
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }

  @Test func withoutAVolumeThereIsNothingToShow() throws {
    let scratch = try Scratch()
    let arguments = ["status", "--config", scratch.path + "/c.yml"]
    let text = try Tool.run(arguments)
    #expect(text.status == 0)
    #expect(text.output == "This machine has no volume. Make one: esvault provision\n")
    let document = try Tool.run(arguments + ["--format", "json"])
    #expect(document.status == 0)
    try expect(document.output, follows: "status-v1")
  }

  @Test func whatIsConfiguredIsShownToEverybody() throws {
    let scratch = try Scratch()
    let path = try scratch.file("c.yml", Array(Self.recorded.utf8))
    let text = try Tool.run("status", "--config", path)
    #expect(text.status == 0 && text.errors.isEmpty)
    #expect(text.output.contains("! volume 'a' is not open, and its disk 'vol-of-nobody' is not"))
    #expect(text.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(try !Tool.run("status", "--config", path, "a").output.contains("'b'"))
    let document = try Tool.run("status", "--config", path, "--format", "json")
    try expect(document.output, follows: "status-v1")
    let unknown = try Tool.run("status", "--config", path, "c")
    #expect(unknown.status == 2)
    #expect(unknown.errors.hasPrefix("esvault: refused: the configuration has no volume 'c'"))
  }

  @Test func aReportFollowsItsSchema() throws {
    for facts in [ChainFacts.whole, .closed, .foreign, .seenByNobody] {
      try expect(Status.json([.esvol(facts)]).text, follows: "status-v1")
    }
    let nobody = Status.json([.esvol(.seenByNobody)]).text
    #expect(nobody.contains(#""open" : true"#) && nobody.contains(#""serial" : "vol1""#))
    for member in ["cipher", "keyBits", "sectorSize", "filesystem", "nodeID", "heapBytes"] {
      #expect(nobody.contains("        \"\(member)\""), "\(member) is among the unknown")
    }
  }
}
