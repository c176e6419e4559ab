/// The frame that Lucene's `CodecUtil` puts around a file: in front a magic number, the name of what
/// it holds and a version, behind a checksum of all that.
///
/// | bytes | meaning |
/// | --- | --- |
/// | `3f d7 6c 17` | magic number |
/// | length, ASCII | the name: `state` for a node state, `segments` for a commit |
/// | 4 | the version of what follows |
/// | … | the body |
/// | `c0 28 93 e8` | the complement of the magic number |
/// | 4 | which checksum; 0 is CRC-32, and there is no other |
/// | 8 | the CRC-32 of every byte before these eight |
///
/// Numbers are big-endian in all versions: Lucene 9 turned its other numbers round, and not these.
struct CodecFile {
  let name: String
  let version: UInt32
  let body: ByteReader

  private static let magic: UInt32 = 0x3FD7_6C17
  private static let footerSize = 16

  /// Takes header and footer off, after they were found in order.
  init(_ bytes: [UInt8]) throws(NodeStateError) {
    var head = ByteReader(bytes.dropLast(Self.footerSize))
    guard bytes.count >= 4 else { throw .truncated }
    guard bytes.prefix(4).elementsEqual([0x3F, 0xD7, 0x6C, 0x17]) else { throw .foreign }
    try head.skip(4)
    name = try head.text()
    version = try head.bigEndian32()
    try Self.checkFooter(bytes)
    body = head
  }

  private static func checkFooter(_ bytes: [UInt8]) throws(NodeStateError) {
    var footer = ByteReader(bytes.suffix(footerSize))
    guard try footer.bigEndian32() == ~magic, try footer.bigEndian32() == 0 else { throw .footer }
    let stored = try UInt64(footer.bigEndian32()) << 32 | UInt64(footer.bigEndian32())
    let computed = CRC32.checksum(bytes.dropLast(8))
    guard stored == UInt64(computed) else { throw .checksum(stored: stored, computed: computed) }
  }
}
