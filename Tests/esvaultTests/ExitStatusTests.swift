import Foundation
import Testing

/// What scripts rely on. Nothing here names a disk: `/dev/null` is none.
@Suite struct ExitStatusTests {
  @Test(arguments: [
    ["--frobnicate"], ["frobnicate"], ["provision", "--force"], ["inspect"], ["devices", "sda"],
    ["provision", "/dev/null", "/dev/zero"], ["provision", "/dev/null", "--overwrite"],
    ["provision", "/dev/null", "--heap", "15"], ["provision", "/dev/null", "--heap", "0g"],
    ["provision", "/dev/null", "--heap", "101%"], ["provision", "/dev/null", "--timeout", "0"],
    ["provision", "/dev/null", "--timeout", "86401"], ["provision", "/dev/null", "--timeout", "x"],
    ["provision", "/dev/null", "--generate-key", "--key-file", "-"],
    ["provision", "/dev/null", "--generate-key", "--key-credential", "es"],
    ["provision", "/dev/null", "--key-file", "/k", "--key-credential", "es"],
    ["unlock", "--key-file", "/k", "--key-credential", "es"],
    ["provision", "/dev/null", "--key-file"], ["devices", "--format", "xml"],
    ["status", "--require", "--format", "json"], ["audit", "--format", "xml"], ["report"],
    ["audit", "--list", "--format", "html"],
  ])
  func aWrongCommandLineIs64(_ arguments: [String]) throws {
    let outcome = try Tool.run(arguments)
    #expect(outcome.status == 64)
    #expect(outcome.output.isEmpty && outcome.errors.contains("Error: "))
  }

  @Test func notRootIs2() throws {
    let outcome = try Tool.runAsNobody("provision", "/dev/null", "--generate-key")
    #expect(outcome.status == 2)
    #expect(outcome.output.isEmpty)
    #expect(
      outcome.errors == """
        esvault: refused: only root can make a volume
          Run it as root: sudo esvault provision

        """)
  }

  @Test func noDeviceMapperOrNoDiskIs2() throws {
    let scratch = try Scratch()
    let outcome = try Tool.run(
      "provision", "/dev/null", "--generate-key", "--dry-run", "--config", scratch.path + "/none",
      "--es-config", scratch.path)
    #expect(outcome.status == 2)
    #expect(outcome.errors.hasPrefix("esvault: refused: "))
    let hasRoot = geteuid() == 0
    let hasDeviceMapper = FileHandle(forUpdatingAtPath: "/dev/mapper/control") != nil
    let words =
      !hasRoot
      ? "only root" : hasDeviceMapper ? "Elasticsearch is not installed" : "has no device-mapper"
    #expect(outcome.errors.contains(words))
  }

  @Test func aBrokenConfigurationIs2AndSaysTheLine() throws {
    guard geteuid() == 0 else { return try notRootIs2() }
    let scratch = try Scratch()
    let path = try scratch.file("esvault.yml", Array("version: 1\nvolume: []\n".utf8))
    let outcome = try Tool.run("provision", "--dry-run", "--config", path)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("'\(path)'") && outcome.errors.contains("line 2: "))
  }

  @Test func devicesAreListedForEverybody() throws {
    for outcome in [try Tool.run("devices"), try Tool.runAsNobody("devices")] {
      #expect(outcome.status == 0)
      #expect(outcome.output.hasPrefix("DISK ") || outcome.output.hasPrefix("This machine has no"))
    }
  }

  @Test func noSecretIsShown() throws {
    let marker = "marker-passphrase-4711"
    let scratch = try Scratch()
    let key = try scratch.file("key", Array(marker.utf8))
    let common = ["provision", "/dev/null", "--dry-run", "--config", scratch.path + "/none"]
    for format in ["table", "json"] {
      for file in ["-", key] {
        let outcome = try Tool.run(
          common + ["--format", format, "--key-file", file], input: marker + "\n")
        #expect(outcome.status == 2)
        #expect(!outcome.text.isEmpty && !outcome.text.contains(marker))
      }
    }
  }
}
