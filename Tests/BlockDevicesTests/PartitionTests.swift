import Testing

@testable import BlockDevices

struct PartitionTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  @Test(arguments: ["gpt", "dos"])
  func partitionsAreFoundAndLookedInto(_ table: String) throws {
    let image = try scratch.image(64)
    try image.run("sfdisk", "-q", input: "label: \(table)\nstart=2048,size=32768\nstart=40960\n")
    let partitions = try Partition.all(on: image.path)
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
    #expect(try Partition.all(on: image.path).isEmpty)
    #expect(try Partition.all(on: try scratch.image(0).path).isEmpty)
    try image.run("mke2fs", "-q", "-F", "-t", "ext4")
    #expect(try Partition.all(on: image.path).isEmpty)
  }

  @Test(
    arguments: [(0, 5), (5, 0), (-1, 5), (5, -1), (Int64.max / 512, 1), (1, .max)]
      as [(Int64, Int64)])
  func numbersOfNoDiskAreNoPartition(_ start: Int64, _ sectors: Int64) {
    #expect(Partition(number: 1, start: start, sectors: sectors) == nil)
  }

  @Test func aPartitionBeyondTheEndIsCutOff() throws {
    let image = try scratch.image(4)
    #expect(try OpenFile.reading(image.path, part: 1 << 20..<1 << 30).size == 3 << 20)
    #expect(try OpenFile.reading(image.path, part: 1 << 29..<1 << 30).size == 0)
  }
}
