import BlockDevices
import LUKS

extension KeyDerivation {
  /// The most memory that argon2id may take, in KiB: cryptsetup's own upper limit, 1 GiB.
  static let argonLimitKiB = 1 << 20
  /// The least that is worth having, in KiB: 32 MiB.
  static let argonFloorKiB = 32 << 10

  /// How a key becomes a keyslot's key.
  ///
  /// 512 random bits need no slow function: cryptsetup's minimum of 1000 iterations will do. Every
  /// other key gets argon2id, with half of the memory that Elasticsearch's heap leaves, so that the
  /// volume can be opened beside a running node.
  static func suited(isRandom: Bool, memory: UInt64, heap: UInt64) -> KeyDerivation {
    guard !isRandom else { return .pbkdf2Minimum }
    let left = Int((memory - min(heap, memory)) / 2 / 1024)
    return .argon2id(maximumMemoryKiB: min(max(left, argonFloorKiB), argonLimitKiB))
  }
}

extension Disk {
  /// 4096 bytes where the disk allows it, else the disk's own logical block size.
  ///
  /// A larger encryption sector means fewer calls of the cipher; the size of the disk must be a
  /// multiple of it (cryptsetup(8), `--sector-size`).
  var encryptionSectorSize: Int {
    bytes % 4096 == 0 && logicalBlockSize <= 4096 ? 4096 : logicalBlockSize
  }
}
