import Glibc

/// Blocks that are read all over parts of a device or file, to learn about all of them from a few.
package struct ScatteredBlocks: Sendable {
  /// Which bytes they stand for: whole blocks, so up to 4095 bytes fewer of each area than were asked for.
  package let areas: [Range<UInt64>]
  /// Where each begins, in bytes; rising. One that is read twice counts twice.
  package let offsets: [UInt64]
  /// Whether no block of the areas is left out.
  package let isWhole: Bool
  /// How many the device is asked for at a time: enough to keep it busy, and less than its queue takes
  /// (`nr_requests` in `/sys/block/*/queue`: 256 and more).
  private static let atATime = 128

  /// Chooses one block at random in each of `count` equally long pieces of the areas, as if these lay side by
  /// side; all blocks where there are no more.
  ///
  /// A piece need not begin where a block begins. So each block is as likely to be read as any other,
  /// and the share of the blocks read that have some property is on average the share of all.
  ///
  /// - Parameter areas: in rising order.
  package init(
    in areas: [Range<UInt64>], count: Int, using generator: inout some RandomNumberGenerator
  ) {
    let (size, count) = (UInt64(BlockAppearance.bytes), UInt64(count))
    self.areas = areas.map { $0.lowerBound..<$0.upperBound - UInt64($0.count) % size }
      .filter { !$0.isEmpty }
    let blocks = self.areas.reduce(0) { $0 + UInt64($1.count) / size }
    isWhole = blocks <= count
    guard blocks > count else {
      offsets = self.areas.flatMap { stride(from: $0.lowerBound, to: $0.upperBound, by: Int(size)) }
      return
    }
    var offsets: [UInt64] = []
    offsets.reserveCapacity(Int(count))
    // In parts of a block, a count-th each: a piece has as many of these as the areas have blocks.
    let (whole, rest) = blocks.quotientAndRemainder(dividingBy: count)
    var (area, blocksBefore) = (0, UInt64(0))
    for piece in 0..<count {
      let within = piece * rest + UInt64.random(in: 0..<blocks, using: &generator)
      let block = piece * whole + within / count
      while (block - blocksBefore) * size >= UInt64(self.areas[area].count) {
        blocksBefore += UInt64(self.areas[area].count) / size
        area += 1
      }
      offsets.append(self.areas[area].lowerBound + (block - blocksBefore) * size)
    }
    self.offsets = offsets
  }

  /// Reads them in rising order, and changes nothing.
  ///
  /// - Parameter visit: gets the offset and the bytes of each, which are gone when it returns.
  /// - Throws: ``BlockDeviceError`` where one cannot be read, and `changed` where the file is another
  ///   size in the end: what was cut off meanwhile would look like zeros.
  package func read(
    from file: borrowing OpenFile, _ visit: (UInt64, UnsafeRawBufferPointer) -> Void
  ) throws(BlockDeviceError) {
    let size = BlockAppearance.bytes
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: size)
    defer { buffer.deallocate() }
    // The kernel need not read ahead of places that are scattered over the whole device.
    posix_fadvise(file.descriptor, 0, 0, POSIX_FADV_RANDOM)
    var dataStart: UInt64 = 0
    for (index, offset) in offsets.enumerated() {
      if index.isMultiple(of: Self.atATime) {
        // Otherwise each would wait for the disk's answer to the one before.
        for next in offsets[index...].prefix(Self.atATime) {
          file.prefetch(next..<next + UInt64(size))
        }
      }
      if dataStart < offset { dataStart = file.dataStart(from: offset) }
      if dataStart >= offset + UInt64(size) {
        buffer.initializeMemory(as: UInt8.self, repeating: 0)
      } else {
        try file.read(buffer, at: offset)
      }
      visit(offset, UnsafeRawBufferPointer(buffer))
    }
    try file.requireSameSize()
  }
}
