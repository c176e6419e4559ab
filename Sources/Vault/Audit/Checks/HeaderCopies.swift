import LUKS

extension Check {
  /// LUKS2 keeps two copies of its metadata, each with a checksum (LUKS2 On-Disk Format
  /// Specification). The look is made on a copy in memory, because `crypt_load` repairs a damaged one on the
  /// disk without a word. Keyslots have one copy only.
  static let headerCopies = Check(
    "header-copies", .warning, "Both copies of each volume's header are intact.",
    reason:
      "A copy does not get damaged by itself: a disk fails, or somebody writes where he should not. Without the other one the data is lost."
  ) { facts in
    facts.madeVolumes.map { volume in
      volume.judgeHeader { header, disk in
        guard header.damagedCopies == 0 else {
          return .fail(
            volume.name, "one of the two copies of the LUKS header on '\(disk.path)' is damaged",
            advice:
              "Save the good one on another disk: cryptsetup luksHeaderBackup \(disk.path.shellWord) --header-backup-file FILE. The other is mended when the volume is opened next. See whether the disk fails: dmesg"
          )
        }
        guard header.version == 2 else {
          return .fail(
            volume.name, "the LUKS\(header.version) header on '\(disk.path)' has no second copy",
            advice:
              "Save it on another disk: cryptsetup luksHeaderBackup \(disk.path.shellWord) --header-backup-file FILE"
          )
        }
        return .pass(volume.name, "both copies are intact")
      }
    }
  }
}
