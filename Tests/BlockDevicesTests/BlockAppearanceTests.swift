import Foundation
import Testing

@testable import BlockDevices

struct BlockAppearanceTests {
  private func appearance(_ block: [UInt8]) -> BlockAppearance {
    block.withUnsafeBytes { BlockAppearance(of: $0) }
  }

  private func blocks(_ bytes: some Collection<UInt8>) -> [BlockAppearance] {
    let bytes = Array(bytes)
    return stride(from: 0, through: bytes.count - 4096, by: 4096).map {
      appearance(Array(bytes[$0..<$0 + 4096]))
    }
  }

  @Test(arguments: [0x00, 0xFF] as [UInt8])
  func whatWasNeverWrittenIsEmpty(_ byte: UInt8) {
    #expect(appearance([UInt8](repeating: byte, count: 4096)) == .empty)
    #expect(appearance([UInt8](repeating: byte, count: 4095) + [1]) == .structured)
  }

  @Test func noneOfTenThousandRandomBlocksIsTakenForPlaintext() {
    var noise = Noise(seed: 1)
    var sum = 0
    for _ in 0..<10_000 {
      guard case .random(let deviation) = appearance(noise.bytes(4096)) else {
        Issue.record("a random block is no random block")
        return
      }
      sum += deviation
    }
    #expect(BlockAppearance.looksRandom(deviation: sum, blocks: 10_000))
    // Chi-square of 255 degrees of freedom: its mean is 255, and of 10,000 the mean's deviation 0.23.
    #expect(abs(Double(sum) / 16 / 10_000 - 255) < 1.2)
  }

  @Test func aBlockWithACountOfEachByteHasTheChiSquareOfTheFormula() {
    // 0 stands 32 times, 1 never, all others 16 times: (16² + 16²) / 16 = 32.
    let even = (0..<4096).map { UInt8(truncatingIfNeeded: $0) }
    let uneven = even.map { $0 == 1 ? 0 : $0 }
    #expect(even.withUnsafeBytes { BlockAppearance.deviation(of: $0) } == 0)
    #expect(uneven.withUnsafeBytes { BlockAppearance.deviation(of: $0) } == 32 * 16)
  }

  @Test func whatIsTooEvenIsNotEncrypted() {
    #expect(appearance((0..<4096).map { UInt8(truncatingIfNeeded: $0) }) == .structured)
  }

  @Test func dataIsStructured() throws {
    let text = try Data(contentsOf: URL(fileURLWithPath: #filePath))
    let program = try Data(contentsOf: URL(fileURLWithPath: "/bin/bash")).prefix(1 << 20)
    var noise = Noise(seed: 2)
    let base64 = Data(noise.bytes(48 << 10)).base64EncodedString()
    let floats = (0..<16384).map { _ in Float.random(in: -1...1, using: &noise) }
    let samples: [[UInt8]] = [
      Array(text), Array(base64.utf8), documents(count: 2000),
      floats.withUnsafeBytes { Array($0) },
    ]
    for sample in samples {
      let seen = blocks(sample)
      #expect(!seen.isEmpty && seen.allSatisfy { $0 == .structured })
    }
    // A program holds compressed parts.
    let seen = blocks(program).filter { $0 != .empty }
    #expect(seen.count { $0 == .structured } * 100 > seen.count * 95)
  }

  @Test func aSmallPartInPlaintextShows() {
    var noise = Noise(seed: 3)
    for _ in 0..<200 {
      let block = noise.bytes(4096)
      #expect(
        appearance(Array(block.dropLast(512)) + documents(count: 10).prefix(512)) == .structured)
      #expect(
        appearance(Array(block.dropLast(80)) + [UInt8](repeating: 0, count: 80)) == .structured)
    }
  }

  @Test func compressedDataShowsInManyBlocksOnly() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/documents"
    try Data(documents(count: 40_000)).write(to: URL(fileURLWithPath: path))
    let image = Image(path: path)
    try image.run("gzip", "-6")
    let seen = blocks(try Data(contentsOf: URL(fileURLWithPath: path + ".gz")).dropFirst(4096))
    let deviations = seen.compactMap { block -> Int? in
      if case .random(let deviation) = block { deviation } else { nil }
    }
    #expect(deviations.count > 200 && deviations.count * 10 > seen.count * 9)
    let sum = deviations.reduce(0, +)
    #expect(!BlockAppearance.looksRandom(deviation: sum, blocks: deviations.count))
  }

  /// Lines of JSON, as a log has them.
  private func documents(count: Int) -> [UInt8] {
    var noise = Noise(seed: 4)
    let words = (0..<400).map { _ in
      String(noise.next(), radix: 36).prefix(Int(noise.next() % 9 + 3))
    }
    return (0..<count).flatMap { number in
      let message = (0..<8).map { _ in words.randomElement(using: &noise)! }.joined(separator: " ")
      let bytes = UInt32.random(in: 0 ... .max, using: &noise)
      return Array(#"{"n":\#(number),"bytes":\#(bytes),"message":"\#(message)"}"#.utf8) + [0x0A]
    }
  }
}
