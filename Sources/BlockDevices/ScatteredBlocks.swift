import Glibc

/// Blocks that are read all over a part of a device or file, to learn about all of it from a few.
package struct ScatteredBlocks: Sendable {
  /// Which bytes they stand for: whole blocks, so up to 4095 bytes fewer than were asked for.
  package let area: Range<UInt64>
  /// Where each begins, in bytes; rising. One that is read twice counts twice.
  package let offsets: [UInt64]
  /// Whether no block of the area is left out.
  package let isWhole: Bool

  /// Chooses one block at random in each of `count` equally long pieces of `area`; all blocks where
  /// there are no more.
  ///
  /// A piece need not begin where a block begins. So each block is as likely to be read as any other,
  /// and the share of the blocks read that have some property is on average the share of all.
  package init(
    in area: Range<UInt64>, count: Int, using generator: inout some RandomNumberGenerator
  ) {
    let (size, count) = (UInt64(BlockAppearance.bytes), UInt64(count))
    let blocks = UInt64(area.count) / size
    self.area = area.lowerBound..<area.lowerBound + blocks * size
    isWhole = blocks <= count
    guard blocks > count else {
      offsets = (0..<blocks).map { area.lowerBound + $0 * size }
      return
    }
    var offsets: [UInt64] = []
    offsets.reserveCapacity(Int(count))
    // In parts of a block, a count-th each: a piece has as many of these as the area has blocks.
    let (whole, rest) = blocks.quotientAndRemainder(dividingBy: count)
    for piece in 0..<count {
      let within = piece * rest + UInt64.random(in: 0..<blocks, using: &generator)
      offsets.append(area.lowerBound + (piece * whole + within / count) * size)
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
    for offset in offsets {
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
