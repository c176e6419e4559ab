extension Check {
  /// With `--check-key` only: the header area is copied into memory, and the key is tried on the copy.
  /// Nothing is mapped, and the disk is not written. It costs the time and the memory of one unlocking; more
  /// memory than is free is not taken, nor more than a minute.
  package static let key = Check(
    "key", .error, "Each volume's stored key opens it.",
    reason:
      "A key that was exchanged, or a keyslot that is damaged, is noticed at the next reboot else: when the volume stays closed."
  ) { facts in
    facts.madeVolumes.compactMap { volume in
      guard let trial = volume.keyTrial else { return nil }
      let what = volume.boot.key?.name ?? "key"
      return volume.judge(trial, "the \(what)") { keyslot in
        guard let keyslot else {
          return .fail(
            volume.name, "the \(what) opens no keyslot of volume '\(volume.name)'",
            advice:
              "Do not close the volume before there is a key that opens it; restore the right one from its safe copy, then: esvault audit --check key --check-key"
          )
        }
        return .pass(volume.name, "the \(what) opens keyslot \(keyslot)")
      }
    }
  }
}
