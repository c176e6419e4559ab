/// The primary superblock of ext2, ext3 and ext4, as bytes.
///
/// It begins at byte 1024 of the device; its fields are little-endian (the kernel's
/// Documentation/filesystems/ext4/super.rst).
enum ExtSuperblock {
  private static let offset: UInt64 = 1024
  private static let size = 1024
  /// s_magic.
  private static let magic = (offset: 0x38, bytes: [UInt8](arrayLiteral: 0x53, 0xEF))

  /// Its 1024 bytes; nil where there is none.
  static func bytes(of path: String) throws(BlockDeviceError) -> [UInt8]? {
    let file = try OpenFile.reading(path)
    guard file.size >= offset + UInt64(size) else { return nil }
    file.forgetCache()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 8)
    defer { buffer.deallocate() }
    try file.read(buffer, at: offset)
    let bytes = Array(buffer)
    return Array(bytes[magic.offset..<magic.offset + 2]) == magic.bytes ? bytes : nil
  }
}
