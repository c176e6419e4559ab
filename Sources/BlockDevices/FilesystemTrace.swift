/// What gives a block away as part of a filesystem; more bits than a random block has by chance.
///
/// Each trace is at least 50 fixed bits: encrypted blocks show one less often than once in 10^14.
package enum FilesystemTrace: String, CaseIterable, Sendable {
  case extSuperblock = "ext4 superblock"
  case extExtents = "ext4 extent tree"
  case extDirectory = "ext4 directory"
  case extJournal = "ext4 journal"
  case xfs = "xfs metadata"

  /// The first that a block of 4 KiB shows.
  package static func found(in block: UnsafeRawBufferPointer) -> FilesystemTrace? {
    allCases.first { $0.stands(in: block) }
  }

  private func stands(in block: UnsafeRawBufferPointer) -> Bool {
    switch self {
    case .extSuperblock:
      // The first one stands 1024 bytes behind the filesystem's beginning, its copies at a block's.
      [0, 1024].contains { Self.isSuperblock(block, at: $0) }
    case .extExtents:
      // eh_magic; eh_max is what fits into 4 KiB; entries and depth (the kernel's ext4/ifork.rst).
      block.little16(0) == 0xF30A && block.little16(4) == 340 && block.little16(2) <= 340
        && block.little16(6) <= 5
    case .extDirectory:
      // "." of 12 bytes, and ".." behind it (the kernel's ext4/directory.rst).
      block.big64(4) == 0x0C00_0102_2E00_0000 && block.big32(18) == 0x0202_2E2E
    case .extJournal:
      // h_magic, and h_blocktype from descriptor block to revoke block (the kernel's ext4/journal.rst).
      block.big32(0) == 0xC03B_3998 && (1...5).contains(block.big32(4))
    case .xfs:
      stride(from: 0, to: block.count, by: 512).contains { Self.isXFS(block, at: $0) }
    }
  }

  /// s_magic, s_log_block_size, s_errors, s_rev_level (the kernel's ext4/super.rst).
  private static func isSuperblock(_ block: UnsafeRawBufferPointer, at start: Int) -> Bool {
    block.little16(start + 0x38) == 0xEF53 && block.little16(start + 0x18) <= 6
      && block.little16(start + 0x1A) == 0 && (1...3).contains(block.little16(start + 0x3C))
      && block.little16(start + 0x4C) <= 1 && block.little16(start + 0x4E) == 0
  }

  /// "XFSB" and the block size; "XAGF" or "XAGI" and version 1 (XFS Filesystem Structure, chapter 13).
  private static func isXFS(_ block: UnsafeRawBufferPointer, at start: Int) -> Bool {
    let (magic, word) = (block.big32(start), block.big32(start + 4))
    return switch magic {
    case 0x5846_5342: word.nonzeroBitCount == 1 && (512...65536).contains(word)
    case 0x5841_4746, 0x5841_4749: word == 1
    default: false
    }
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func little16(_ offset: Int) -> UInt16 {
    UInt16(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }

  fileprivate func big32(_ offset: Int) -> UInt32 {
    UInt32(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  fileprivate func big64(_ offset: Int) -> UInt64 {
    UInt64(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}
