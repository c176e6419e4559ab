import LUKS

extension Check {
  /// esvault makes one keyslot, number 0, and one token, of type `esvault`; it lists all others and
  /// leaves them alone. A keyslot of `systemd-cryptenroll` or a second key for emergencies is rightly
  /// there, if somebody knows of it.
  static let foreignKeyslots = Check(
    "foreign-keyslots", .info, "Each volume has no keyslot and no token that esvault did not make.",
    reason:
      "Every further keyslot is a further key that opens the volume: somebody must know whose."
  ) { facts in
    facts.madeVolumes.map { volume in
      volume.judgeHeader { header, disk in
        let foreign =
          header.keyslots.filter { $0.id != 0 || $0.isUnbound }.map { "keyslot \($0.id)" }
          + header.tokens.filter { $0.type != VolumeToken.type }.map {
            "token \($0.id) of type '\($0.type.printable)'"
          }
        guard foreign.isEmpty else {
          return .fail(
            volume.name, "'\(disk.path)' has \(foreign.joined(separator: ", "))",
            advice:
              "Find out whose they are, and remove a keyslot that nobody needs: cryptsetup luksKillSlot \(disk.path.shellWord) NUMBER",
            evidence: foreign)
        }
        return .pass(volume.name, "one keyslot and one token, both esvault's own")
      }
    }
  }
}
