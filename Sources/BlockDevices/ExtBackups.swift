/// Where ext2, ext3 and ext4 keep copies of their superblock.
///
/// With `sparse_super` (the default of mke2fs(8)) these are the block groups 1 and the powers of
/// 3, 5 and 7. A group has eight times as many blocks as a block has bytes: one bitmap block.
/// Source: the kernel's Documentation/filesystems/ext4/overview.rst.
enum ExtBackups {
  /// The starts of the 4 KiB that hold a copy, in bytes, for blocks of 1, 2 and 4 KiB.
  static func offsets(within size: UInt64) -> [UInt64] {
    [1024, 2048, 4096].flatMap { (blockSize: UInt64) -> [UInt64] in
      // With blocks of 1 KiB block 0 belongs to the boot loader, and all groups begin one later.
      let first: UInt64 = blockSize == 1024 ? 1024 : 0
      let group = 8 * blockSize * blockSize
      guard size > first + 1024 else { return [] }
      return groups(through: (size - first - 1024) / group).map { first + $0 * group }
    }
  }

  /// 1, 3, 5, 7, 9, 25, 27, 49…, up to `last`.
  static func groups(through last: UInt64) -> [UInt64] {
    guard last >= 1 else { return [] }
    var groups: Set<UInt64> = [1]
    for base in [3, 5, 7] as [UInt64] {
      var power = base
      while power <= last {
        groups.insert(power)
        power *= base
      }
    }
    return groups.sorted()
  }
}
