/// How a disk is divided, and what of it belongs to no partition.
package struct PartitionTable: Equatable, Sendable {
  /// As libblkid names it: "gpt", "dos"…
  package let type: String
  /// In the order of the table; an extended partition is only the place of others, and not among them.
  package var partitions: [Partition] = []
  /// The numbers of the entries that name no place on a disk.
  package var unusable: [Int] = []

  package var isEmpty: Bool { partitions.isEmpty && unusable.isEmpty }

  /// What a GPT takes at most of the beginning, and its second copy of the end: two sectors and 16 KiB of
  /// entries, where a sector is of 4 KiB (UEFI Specification, 5.3).
  private static let gptBytes: UInt64 = 24 << 10

  /// The table of a disk or image; nil where there is none, or several signatures.
  package static func read(from path: String) throws(BlockDeviceError) -> PartitionTable? {
    let file = try OpenFile.reading(path)
    guard file.size > 0 else { return nil }
    let probe = try Probe.of(file)
    guard case .found(let signature) = try probe.outcome(), signature.usage == .partitionTable
    else {
      return nil
    }
    return probe.partitionTable(type: signature.type)
  }

  /// Which bytes of a disk of `size` bytes lie outside of the partitions, and are not the table; rising.
  package func gaps(in size: UInt64) -> [Range<UInt64>] {
    let first = type == "dos" ? 512 : Self.gptBytes
    let last = type == "gpt" ? Self.gptBytes : 0
    guard size > first + last else { return [] }
    var (gaps, start) = ([Range<UInt64>](), first)
    for range in partitions.map(\.range).sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if start < range.lowerBound { gaps.append(start..<range.lowerBound) }
      start = max(start, range.upperBound)
    }
    if start < size { gaps.append(start..<size) }
    return gaps.map { $0.clamped(to: first..<size - last) }.filter { !$0.isEmpty }
  }

  /// Whether there is nothing in a block but links of the chain of logical partitions, which lie scattered
  /// over an extended one: sectors of zeros up to the four entries, with 0x55 0xAA at the end.
  package static func isLink(_ block: UnsafeRawBufferPointer) -> Bool {
    stride(from: 0, to: block.count - 511, by: 512).allSatisfy { start in
      let sector = UnsafeRawBufferPointer(rebasing: block[start..<start + 512])
      let isEnded = sector[510] == 0x55 && sector[511] == 0xAA
      return sector.prefix(isEnded ? 446 : 512).allSatisfy { $0 == 0 }
    }
  }
}
