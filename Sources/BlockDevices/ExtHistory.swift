/// Whether anybody has used an ext2, ext3 or ext4 filesystem since it was made.
package enum ExtHistory {
  // The primary superblock begins at byte 1024; its fields are little-endian (the kernel's
  // Documentation/filesystems/ext4/super.rst): s_mtime at 0x2C, s_mnt_count at 0x34, s_magic at 0x38.
  private static let superblock: UInt64 = 1024
  private static let mountTime = 0x2C
  private static let mountCount = 0x34
  private static let magic = (offset: 0x38, bytes: [UInt8](arrayLiteral: 0x53, 0xEF))

  /// Whether the filesystem has ever been mounted; false where there is none.
  ///
  /// A finished mke2fs leaves the time of the last mount and the count of mounts at zero, and every
  /// mount sets both.
  package static func hasBeenMounted(_ path: String) throws(BlockDeviceError) -> Bool {
    let file = try OpenFile.reading(path)
    guard file.size >= superblock + 1024 else { return false }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1024, alignment: 8)
    defer { buffer.deallocate() }
    try file.read(buffer, at: superblock)
    guard Array(buffer[magic.offset..<magic.offset + 2]) == magic.bytes else { return false }
    let isUsed = buffer[mountTime..<mountTime + 4].contains { $0 != 0 }
    return isUsed || buffer[mountCount..<mountCount + 2].contains { $0 != 0 }
  }
}
