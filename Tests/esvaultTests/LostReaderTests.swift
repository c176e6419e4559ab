import Foundation
import Testing

/// Whoever reads the output may go away at any time.
@Suite struct LostReaderTests {
  @Test func aReaderThatGoesAwayKillsNothing() throws {
    let tool = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent("esvault")
    let (output, errors) = (Pipe(), Pipe())
    let process = Process()
    process.executableURL = tool
    process.arguments = ["inspect", "/nowhere"]
    process.standardOutput = output
    process.standardError = errors
    try output.fileHandleForReading.close()
    try errors.fileHandleForReading.close()
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 1)
  }
}
