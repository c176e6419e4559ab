/// Whether anybody has used an ext2, ext3 or ext4 filesystem since it was made.
package enum ExtHistory {
  /// s_mtime and s_mnt_count.
  private static let mountTime = 0x2C
  private static let mountCount = 0x34

  /// Whether the filesystem has ever been mounted; false where there is none.
  ///
  /// A finished mke2fs leaves the time of the last mount and the count of mounts at zero, and every
  /// mount sets both.
  package static func hasBeenMounted(_ path: String) throws(BlockDeviceError) -> Bool {
    guard let bytes = try ExtSuperblock.bytes(of: path) else { return false }
    let isUsed = bytes[mountTime..<mountTime + 4].contains { $0 != 0 }
    return isUsed || bytes[mountCount..<mountCount + 2].contains { $0 != 0 }
  }
}
