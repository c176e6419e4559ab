import Testing

@testable import BlockDevices

struct PartitionTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  @Test(arguments: ["gpt", "dos"])
  func partitionsAreFoundAndLookedInto(_ table: String) throws {
    let image = try scratch.image(64)
    try image.run("sfdisk", "-q", input: "label: \(table)\nstart=2048,size=32768\nstart=40960\n")
    let partitions = try #require(try PartitionTable.read(from: image.path)).partitions
    #expect(partitions.map(\.number) == [1, 2])
    #expect(partitions.map(\.range.lowerBound) == [1 << 20, 20 << 20])
    #expect(partitions[0].range.count == 16 << 20)
    try image.run("mke2fs", "-q", "-F", "-t", "ext4", "-E", "offset=\(20 << 20)")
    #expect(Contents.probe(image.path, part: partitions[0].range) == .blank)
    guard case .holds(let found) = Contents.probe(image.path, part: partitions[1].range) else {
      Issue.record("the second partition holds nothing")
      return
    }
    #expect(found.type == "ext4")
  }

  @Test func whatHasNoTableHasNoPartitions() throws {
    let image = try scratch.image(16)
    #expect(try PartitionTable.read(from: image.path) == nil)
    #expect(try PartitionTable.read(from: try scratch.image(0).path) == nil)
    try image.run("mke2fs", "-q", "-F", "-t", "ext4")
    #expect(try PartitionTable.read(from: image.path) == nil)
  }

  @Test(
    arguments: [(0, 5), (5, 0), (-1, 5), (5, -1), (Int64.max / 512, 1), (1, .max)]
      as [(Int64, Int64)])
  func numbersOfNoDiskAreNoPartition(_ start: Int64, _ sectors: Int64) {
    #expect(Partition(number: 1, start: start, sectors: sectors) == nil)
  }

  @Test func whatNoPartitionHoldsIsAGap() throws {
    let image = try scratch.image(64)
    try image.run(
      "sfdisk", "-q", input: "label: gpt\nstart=2048,size=32768\nstart=40960,size=2048\n")
    let gpt = try #require(try PartitionTable.read(from: image.path))
    let table: UInt64 = 24 << 10
    #expect(
      gpt.gaps(in: 64 << 20) == [
        table..<1 << 20, 17 << 20..<20 << 20, 21 << 20..<(64 << 20) - table,
      ])
    // Cut off within the first partition, and within the table.
    #expect(gpt.gaps(in: 8 << 20) == [table..<1 << 20])
    #expect(gpt.gaps(in: 4096).isEmpty)
    try image.run("sfdisk", "-q", input: "label: dos\nstart=2048\n")
    let dos = try #require(try PartitionTable.read(from: image.path))
    #expect(dos.gaps(in: 64 << 20) == [512..<1 << 20])
  }

  @Test func partitionsThatOverlapLeaveNoGap() {
    var table = PartitionTable(type: "dos")
    for (number, sectors) in [(1, 1...100), (2, 11...20), (3, 50...199)] {
      table.partitions.append(
        Partition(number: number, start: Int64(sectors.lowerBound), sectors: Int64(sectors.count))!)
    }
    #expect(table.gaps(in: 200 * 512).isEmpty)
    #expect(table.gaps(in: 201 * 512) == [200 * 512..<201 * 512])
  }

  @Test func theLinksOfLogicalPartitionsAreNotData() throws {
    let image = try scratch.image(64)
    try image.run(
      "sfdisk", "-q",
      input: "label: dos\nstart=2048,type=5\nstart=4096,size=8192\nstart=20480,size=8192\n")
    let table = try #require(try PartitionTable.read(from: image.path))
    #expect(table.partitions.map(\.number) == [5, 6])
    let file = try OpenFile.reading(image.path)
    var (noise, filled) = (Noise(seed: 1), 0)
    try ScatteredBlocks(in: table.gaps(in: file.size), count: 100_000, using: &noise)
      .read(from: file) { _, block in
        #expect(PartitionTable.isLink(block))
        if !Emptiness.isUniform(block) { filled += 1 }
      }
    #expect(filled == 2)
    // One byte before the entries is none of theirs.
    for (place, isLink) in [(446, true), (445, false)] {
      var block = [UInt8](repeating: 0, count: 4096)
      (block[512 + place], block[512 + 510], block[512 + 511]) = (1, 0x55, 0xAA)
      #expect(block.withUnsafeBytes(PartitionTable.isLink) == isLink)
    }
  }

  @Test func aPartitionBeyondTheEndIsCutOff() throws {
    let image = try scratch.image(4)
    #expect(try OpenFile.reading(image.path, part: 1 << 20..<1 << 30).size == 3 << 20)
    #expect(try OpenFile.reading(image.path, part: 1 << 29..<1 << 30).size == 0)
  }
}
