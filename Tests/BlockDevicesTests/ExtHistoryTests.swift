import Foundation
import Testing

@testable import BlockDevices

@Suite struct ExtHistoryTests {
  /// A filesystem as mke2fs leaves it, in a file of 8 MiB.
  private func withFilesystem(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.path + "/ext-\(UUID().uuidString).img"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let program = Process()
    program.executableURL = URL(fileURLWithPath: "/usr/sbin/mke2fs")
    program.arguments = ["-q", "-t", "ext4", path, "8M"]
    program.standardError = FileHandle.nullDevice
    try program.run()
    program.waitUntilExit()
    try #require(program.terminationStatus == 0)
    try body(path)
  }

  private func write(_ bytes: [UInt8], at offset: UInt64, in path: String) throws {
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.seek(toOffset: offset)
    try file.write(contentsOf: Data(bytes))
    try file.close()
  }

  @Test func aNewFilesystemHasNeverBeenMounted() throws {
    try withFilesystem { path in
      let wasMounted = try ExtHistory.hasBeenMounted(path)
      #expect(!wasMounted)
    }
  }

  @Test(arguments: [0x42C, 0x42F, 0x434] as [UInt64])
  func aTimeOrACountOfMountsTellsThatItWas(offset: UInt64) throws {
    try withFilesystem { path in
      try write([1], at: offset, in: path)
      let wasMounted = try ExtHistory.hasBeenMounted(path)
      #expect(wasMounted)
    }
  }

  @Test func whereNoFilesystemIsNoneWasMounted() throws {
    try withFilesystem { path in
      try write([0, 0], at: 1024 + 0x38, in: path)
      try write([1], at: 1024 + 0x34, in: path)
      let wasMounted = try ExtHistory.hasBeenMounted(path)
      #expect(!wasMounted)
    }
  }

  @Test func whatCannotBeReadIsAnError() {
    #expect(throws: BlockDeviceError.self) {
      _ = try ExtHistory.hasBeenMounted("/nonexistent")
    }
  }
}
