import Foundation
import Testing

@testable import BlockDevices

struct BlankTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  @Test func zerosAreBlank() throws {
    #expect(Contents.probe(try scratch.image(200).path) == .blank)
  }

  @Test func onesAreBlank() throws {
    let image = try scratch.image(40)
    try image.fill(0..<40 << 20, with: 0xFF)
    #expect(Contents.probe(image.path) == .blank)
  }

  @Test func blocksOfZerosAndBlocksOfOnesMayStandSideBySide() throws {
    let image = try scratch.image(40)
    try image.fill(4096..<8192, with: 0xFF)
    #expect(Contents.probe(image.path) == .blank)
  }

  @Test func aMixOfZerosAndOnesWithinABlockIsData() throws {
    let image = try scratch.image(40)
    try image.fill(4096..<4097, with: 0xFF)
    #expect(Contents.probe(image.path) == unknown(at: 4096))
  }

  @Test(arguments: [1 << 20, (32 << 20) - 1, (199 << 20), (200 << 20) - 1] as [UInt64])
  func oneByteInTheFirst32MiBOrInTheLastIsFound(offset: UInt64) throws {
    let image = try scratch.image(200)
    try image.fill(offset..<offset + 1, with: 0x5A)
    #expect(Contents.probe(image.path) == unknown(at: offset / 4096 * 4096))
  }

  @Test func noiseIsFoundWhereTheGeneratorPoints() throws {
    let image = try scratch.image(200)
    try image.fill(100 << 20..<(100 << 20) + 4096, with: 0x5A)
    // The upper half of the range of blocks begins in the middle of the image.
    var pointing = Constant(value: (1 << 63) + (1 << 20))
    #expect(Contents.probe(image.path, using: &pointing) == unknown(at: 100 << 20))
    var elsewhere = Constant(value: 1 << 20)
    #expect(Contents.probe(image.path, using: &elsewhere) == .blank)
  }

  @Test func aThousandBlocksAreDrawnWithinTheDevice() {
    var generator = SystemRandomNumberGenerator()
    let size: UInt64 = (1 << 40) + 512
    let sample = BlankSample(of: size, beyond: 0, using: &generator)
    #expect(sample.blocks.count > 990)
    #expect(sample.blocks.allSatisfy { $0.upperBound <= size && !$0.isEmpty })
    #expect(sample.ends == [0..<32 << 20, size - (1 << 20)..<size])
  }

  @Test func aDeviceSmallerThanABlockIsSampledWhole() throws {
    let image = try scratch.image(0)
    try image.fill(0..<700, with: 0)
    #expect(Contents.probe(image.path) == .blank)
    try image.fill(699..<700, with: 1)
    #expect(Contents.probe(image.path) == unknown(at: 0))
  }

  @Test func theHeaderAreaMayBeExcepted() throws {
    let image = try scratch.image(64)
    try image.fill(0..<16 << 20, with: 0x5A)
    #expect(Contents.probe(image.path) == unknown(at: 0))
    #expect(Contents.probe(image.path, exceptFirst: 16 << 20) == .blank)
    try image.fill(16 << 20..<(16 << 20) + 1, with: 0x5A)
    #expect(Contents.probe(image.path, exceptFirst: 16 << 20) == unknown(at: 16 << 20))
  }

  @Test func exceptingTheWholeDeviceDoesNotMakeItBlank() throws {
    let path = try scratch.image(16).path
    #expect(Contents.probe(path, exceptFirst: 16 << 20) == .unknown("nothing beyond byte 16777216"))
  }

  @Test func backupsLieInGroupsOfThePowersOfThreeFiveAndSeven() {
    #expect(ExtBackups.groups(through: 81) == [1, 3, 5, 7, 9, 25, 27, 49, 81])
    #expect(ExtBackups.groups(through: 0) == [])
    let offsets = ExtBackups.offsets(within: 1 << 30)
    // As mke2fs -n prints them: blocks 8193 of 1 KiB, 16384 of 2 KiB, 32768 of 4 KiB.
    for offset in [8193 * 1024, 16384 * 2048, 32768 * 4096] as [UInt64] {
      #expect(offsets.contains(offset))
    }
    #expect(offsets.allSatisfy { $0 + 1024 <= 1 << 30 })
  }
}

func unknown(at offset: UInt64) -> Contents {
  .unknown("data without a known signature at byte \(offset)")
}
