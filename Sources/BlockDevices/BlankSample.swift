import Glibc

/// The places that are read before a device without a signature is called blank.
///
/// Signatures get lost (an overwritten first block) or never existed (plain dm-crypt, a detached
/// LUKS header), while the data behind them is all there. So these are read too: the first
/// 32 MiB, the last MiB, the places of ext4's backup superblocks, and a thousand random blocks.
struct BlankSample {
  static let head: UInt64 = 32 << 20
  static let tail: UInt64 = 1 << 20
  static let block: UInt64 = 4096
  static let randomBlocks = 1000
  /// How much is read at a time.
  static let chunk = 1 << 20

  /// Beginning and end; all within the device, none before `beyond`.
  let ends: [Range<UInt64>]
  /// Single blocks between them, and likewise.
  let blocks: [Range<UInt64>]

  /// Chooses the places on a device of `size` bytes; `size` must be larger than `skipped`.
  init(of size: UInt64, beyond skipped: UInt64, using generator: inout some RandomNumberGenerator) {
    var blocks = ExtBackups.offsets(within: size)
    let count = (size + Self.block - 1) / Self.block
    for _ in 0..<Self.randomBlocks {
      blocks.append(UInt64.random(in: skipped / Self.block..<count, using: &generator) * Self.block)
    }
    func beyondSkipped(_ ranges: [Range<UInt64>]) -> [Range<UInt64>] {
      ranges.compactMap {
        $0.upperBound > skipped ? max(skipped, $0.lowerBound)..<$0.upperBound : nil
      }.filter { !$0.isEmpty }
    }
    ends = beyondSkipped([
      skipped..<max(skipped, min(size, Self.head)), size - min(size, Self.tail)..<size,
    ])
    // Sorted, because disks and their read-ahead like it that way.
    self.blocks = beyondSkipped(
      Set(blocks).sorted().filter { $0 >= Self.head }.map { $0..<min(size, $0 + Self.block) })
  }

  /// The offset in bytes of the first block that holds data, or nil when every place is empty.
  func firstData(in file: borrowing OpenFile) throws(BlockDeviceError) -> UInt64? {
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Self.chunk, alignment: Int(Self.block))
    defer { buffer.deallocate() }
    // The kernel need not read ahead of places that are scattered over the whole device.
    posix_fadvise(file.descriptor, 0, 0, POSIX_FADV_RANDOM)
    if let data = try firstData(of: ends, in: file, buffer) { return data }
    // Otherwise each would wait for the disk's answer to the one before.
    for block in blocks { file.prefetch(block) }
    return try firstData(of: blocks, in: file, buffer)
  }

  private func firstData(
    of ranges: [Range<UInt64>], in file: borrowing OpenFile, _ buffer: UnsafeMutableRawBufferPointer
  ) throws(BlockDeviceError) -> UInt64? {
    for range in ranges {
      var offset = range.lowerBound
      while offset < range.upperBound {
        let length = Int(min(UInt64(Self.chunk), range.upperBound - offset))
        let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<length])
        try file.read(part, at: offset)
        if let data = Emptiness.firstData(in: UnsafeRawBufferPointer(part)) {
          return offset + UInt64(data)
        }
        offset += UInt64(length)
      }
    }
    return nil
  }
}
