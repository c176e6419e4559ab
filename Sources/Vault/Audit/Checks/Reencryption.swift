import LUKS

extension Check {
  /// A LUKS2 header names what a program must support to use the volume (LUKS2 On-Disk Format
  /// Specification, "requirements"): `online-reencrypt` and `offline-reencrypt` while a reencryption is
  /// unfinished.
  static let reencryption = Check(
    "reencryption", .warning, "No volume has an unfinished reencryption.",
    reason:
      "Between its start and its end a part of the data is encrypted with the old key or not at all, and esvault does not open the volume."
  ) { facts in
    facts.madeVolumes.map { volume in
      volume.judgeHeader { header, disk in
        guard header.requirements.isEmpty else {
          return .fail(
            volume.name,
            "'\(disk.path)' has an unfinished change: \(header.requirements.joined(separator: ", "))",
            advice:
              "Let the tool that began it finish: cryptsetup reencrypt --resume-only \(disk.path.shellWord)"
          )
        }
        return .pass(volume.name, "no change is unfinished")
      }
    }
  }
}
