import Foundation
import Testing

@testable import BlockDevices

struct FilesystemTraceTests {
  private func traces(of image: Image) throws -> [FilesystemTrace: Int] {
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: image.path)))
    var counts: [FilesystemTrace: Int] = [:]
    for start in stride(from: 0, to: bytes.count, by: 4096) {
      let trace = bytes[start..<start + 4096].withUnsafeBytes { FilesystemTrace.found(in: $0) }
      if let trace { counts[trace, default: 0] += 1 }
    }
    return counts
  }

  @Test func ext4IsRecognisedByItsBlocks() throws {
    let scratch = try Scratch()
    let image = try scratch.image(160)
    try image.run("mke2fs", "-q", "-F", "-t", "ext4", "-b", "4096")
    let traces = try traces(of: image)
    // The first superblock, and its backup in group 1; the root directory and lost+found.
    #expect(traces[.extSuperblock] == 2)
    #expect(traces[.extDirectory] ?? 0 >= 2)
    #expect(traces[.extJournal] == nil || traces[.extJournal] == 1)
  }

  @Test func extentsJournalAndXFSAreRecognised() {
    func found(_ bytes: [UInt8], at start: Int = 0) -> FilesystemTrace? {
      var block = [UInt8](repeating: 0, count: 4096)
      block.replaceSubrange(start..<start + bytes.count, with: bytes)
      return block.withUnsafeBytes { FilesystemTrace.found(in: $0) }
    }
    let extents: [UInt8] = [0x0A, 0xF3, 5, 0, 0x54, 1, 0, 0]
    #expect(found(extents) == .extExtents)
    #expect(found(extents, at: 512) == nil)
    #expect(found([0x0A, 0xF3, 5, 0, 0x54, 1, 9, 0]) == nil)
    #expect(found([0xC0, 0x3B, 0x39, 0x98, 0, 0, 0, 2]) == .extJournal)
    #expect(found([0xC0, 0x3B, 0x39, 0x98, 0, 0, 0, 9]) == nil)
    #expect(found(Array("XFSB".utf8) + [0, 0, 0x10, 0]) == .xfs)
    #expect(found(Array("XFSB".utf8) + [0, 0, 0x10, 1]) == nil)
    #expect(found(Array("XAGF".utf8) + [0, 0, 0, 1], at: 512) == .xfs)
    #expect(found(Array("XAGI".utf8) + [0, 0, 0, 2], at: 1024) == nil)
  }

  @Test func noiseShowsNoTrace() {
    var noise = Noise(seed: 5)
    for _ in 0..<2000 {
      #expect(noise.bytes(4096).withUnsafeBytes { FilesystemTrace.found(in: $0) } == nil)
    }
  }
}
