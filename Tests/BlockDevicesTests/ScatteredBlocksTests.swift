import Foundation
import Testing

@testable import BlockDevices

struct ScatteredBlocksTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  @Test func eachPieceGivesOneBlock() {
    var noise = Noise(seed: 1)
    let area: Range<UInt64> = 1 << 24..<1 << 36
    let scattered = ScatteredBlocks(in: [area], count: 1000, using: &noise)
    #expect(scattered.areas == [area] && !scattered.isWhole)
    #expect(scattered.offsets.count == 1000)
    let piece = Double(area.count) / 1000
    for (number, offset) in scattered.offsets.enumerated() {
      let start = Double(area.lowerBound) + piece * Double(number)
      #expect(offset % 4096 == 0)
      #expect(Double(offset) > start - 4096 && Double(offset) < start + piece)
    }
  }

  @Test func ofASmallAreaEveryBlockIsRead() {
    var noise = Noise(seed: 1)
    let scattered = ScatteredBlocks(in: [512..<512 + 4 * 4096 + 4095], count: 4, using: &noise)
    #expect(scattered.isWhole)
    #expect(scattered.areas == [512..<512 + 4 * 4096])
    #expect(scattered.offsets == [512, 4608, 8704, 12800])
    let nothing = ScatteredBlocks(in: [0..<4095], count: 4, using: &noise)
    #expect(nothing.offsets.isEmpty && nothing.areas.isEmpty)
  }

  @Test(arguments: [1000, 4])
  func severalAreasAreReadAsIfSideBySide(_ count: Int) {
    var noise = Noise(seed: 1)
    let areas: [Range<UInt64>] = [512..<512 + 8192, 100_000..<104_095, 200_000..<200_000 + 12_289]
    var seen: Set<UInt64> = []
    for _ in 0..<200 {
      let scattered = ScatteredBlocks(in: areas, count: count, using: &noise)
      #expect(scattered.areas == [areas[0], 200_000..<212_288])
      #expect(scattered.offsets.count == min(count, 5) && scattered.isWhole == (count > 5))
      #expect(scattered.offsets == scattered.offsets.sorted())
      seen.formUnion(scattered.offsets)
    }
    #expect(seen == [512, 4608, 200_000, 204_096, 208_192])
  }

  @Test func everyBlockIsAsLikelyAsAnyOther() {
    var noise = Noise(seed: 1)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<7000 {
      let scattered = ScatteredBlocks(in: [0..<7 * 4096], count: 3, using: &noise)
      for offset in scattered.offsets { counts[Int(offset / 4096)] += 1 }
    }
    // 3000 each, with a standard deviation of 45.
    #expect(counts.allSatisfy { abs($0 - 3000) < 200 }, "\(counts)")
  }

  @Test func theLargestFileHasBlocksToo() {
    var noise = Noise(seed: 1)
    let size = UInt64(Int64.max)
    let scattered = ScatteredBlocks(in: [0..<size], count: 1_000_000, using: &noise)
    #expect(scattered.offsets.count == 1_000_000)
    #expect(scattered.offsets.last! <= size - 4096)
    #expect(scattered.offsets.last! > size - 2 * (size / 1_000_000))
  }

  @Test func holesAndDataAreReadAsTheyAre() throws {
    let image = try scratch.image(2)
    for start in [300_000, 1 << 20, (2 << 20) - 4096] as [UInt64] {
      try image.fill(start..<start + 4096, with: 7)
    }
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: image.path)))
    for part in [0..<2 << 20, 290_816..<(2 << 20) - 100] as [Range<UInt64>] {
      let file = try OpenFile.reading(image.path, part: part)
      var noise = Noise(seed: 1)
      var seen: [UInt8] = []
      try ScatteredBlocks(in: [0..<file.size], count: 1000, using: &noise)
        .read(from: file) { offset, block in
          #expect(Int(offset) == seen.count)
          seen += block
        }
      #expect(seen.elementsEqual(bytes[Int(part.lowerBound)...].prefix(seen.count)))
      #expect(seen.count == part.count / 4096 * 4096)
    }
  }

  @Test(arguments: [UInt64(0), 8 << 20])
  func aFileThatChangesItsSizeMeanwhileIsAnError(_ size: UInt64) throws {
    let image = try scratch.image(4)
    let file = try OpenFile.reading(image.path)
    var noise = Noise(seed: 1)
    let scattered = ScatteredBlocks(in: [0..<file.size], count: 10, using: &noise)
    do {
      try scattered.read(from: file) { _, _ in _ = truncate(image.path, off_t(size)) }
      Issue.record("a file that changed was read")
    } catch {
      #expect(error == .changed(image.path))
    }
  }
}
