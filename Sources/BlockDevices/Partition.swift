/// A part of a disk, as its partition table says.
package struct Partition: Equatable, Sendable {
  /// As the kernel numbers it, from 1.
  package let number: Int
  /// In bytes of the disk.
  package let range: Range<UInt64>

  /// Nil where the numbers of the table, in sectors of 512 bytes, are none of a disk.
  init?(number: Int, start: Int64, sectors: Int64) {
    let limit = Int64.max / 512
    guard start > 0, sectors > 0, start <= limit, sectors <= limit - start else { return nil }
    self.number = number
    range = UInt64(start) * 512..<UInt64(start + sectors) * 512
  }
}
