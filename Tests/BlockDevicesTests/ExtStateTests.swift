import Foundation
import Testing

@testable import BlockDevices

/// How a filesystem was left, read from images that e2fsprogs has made.
@Suite struct ExtStateTests {
  private func state(type: String = "ext4", after request: String? = nil) throws -> ExtState? {
    let path = FileManager.default.temporaryDirectory.path + "/ext-\(UUID().uuidString).img"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try run("mke2fs", ["-q", "-t", type, path, "8M"])
    if let request { try run("debugfs", ["-w", "-R", request, path]) }
    return try ExtState.read(path)
  }

  private func run(_ name: String, _ arguments: [String]) throws {
    let program = Process()
    program.executableURL = URL(fileURLWithPath: "/usr/sbin/\(name)")
    program.arguments = arguments
    program.standardError = FileHandle.nullDevice
    try program.run()
    program.waitUntilExit()
    try #require(program.terminationStatus == 0)
  }

  @Test(arguments: ["ext2", "ext3", "ext4"])
  func aNewFilesystemIsClean(type: String) throws {
    let state = try #require(try state(type: type))
    #expect(state.isClean)
  }

  @Test func whatWasLeftBehindIsSeen() throws {
    let mounted = try state(after: "ssv state 0")
    #expect(mounted == ExtState(wasUnmounted: false, hasErrors: false, needsRecovery: false))
    let broken = try state(after: "ssv state 3")
    #expect(broken == ExtState(wasUnmounted: true, hasErrors: true, needsRecovery: false))
    let crashed = try state(after: "feature needs_recovery")
    #expect(crashed == ExtState(wasUnmounted: true, hasErrors: false, needsRecovery: true))
    for state in [mounted, broken, crashed] { #expect(state?.isClean == false) }
  }

  @Test func whereNoFilesystemIsThereIsNoState() throws {
    let path = FileManager.default.temporaryDirectory.path + "/no-ext-\(UUID().uuidString).img"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(count: 8192).write(to: URL(fileURLWithPath: path))
    let state = try ExtState.read(path)
    #expect(state == nil)
    #expect(throws: BlockDeviceError.self) { _ = try ExtState.read("/nonexistent") }
  }
}
