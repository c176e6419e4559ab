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

  /// What is cut off must not pass for a report.
  @Test func aFullDiskIsAnError() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent("esvault")
    process.arguments = ["audit", "--list"]
    process.standardOutput = FileHandle(forWritingAtPath: "/dev/full")
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 1)
    #expect(text.hasPrefix("esvault: could not write to standard output: No space left on device"))
  }
}
