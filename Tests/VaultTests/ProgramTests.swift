import Testing

@testable import Vault

@Suite struct ProgramTests {
  /// More than a pipe holds, and than is looked at: a check of a filesystem that repairs much says much.
  @Test func whateverAProgramPrintsItRunsToItsEnd() async throws {
    let output = try await Program("seq").run(["300000"], limit: nil)
    #expect(output.status == 0 && output.text.hasSuffix("\n300000\n"))
    #expect(output.text.utf8.count == 1 << 20)
  }

  /// Who writes into a pipe ends when its reader is gone.
  @Test func whatAProgramPrintsGoesIntoNoPipe() async throws {
    let links = try await Program("readlink").run(
      ["/proc/self/fd/1", "/proc/self/fd/2"], limit: nil)
    let lines = links.text.split(separator: "\n")
    #expect(lines.count == 2 && lines.allSatisfy { $0.hasPrefix("/memfd:") }, "\(links)")
  }

  @Test func whatEndsInTimeIsHeardAndWhatDoesNotIsEnded() async throws {
    #expect(try await Program("echo").succeed(["a"], limit: .seconds(600)) == "a\n")
    await #expect(throws: ProgramError.tooLong("sleep", .milliseconds(10))) {
      try await Program("sleep").run(["3600"], limit: .milliseconds(10))
    }
    await #expect(
      throws: ProgramError.failed(
        "ls", status: 2,
        message:
          "/usr/bin/ls: unrecognized option '--none'; Try '/usr/bin/ls --help' for more information."
      )
    ) {
      try await Program("ls").succeed(["--none"], limit: .seconds(600))
    }
  }
}
