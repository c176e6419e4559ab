extension Check {
  /// LUKS1 has one copy of its header, no token for esvault's record, and no memory-hard key
  /// derivation (cryptsetup(8)).
  static let luks2 = Check(
    "luks2", .error, "Each volume's disk has a LUKS2 header.",
    reason: "Without a LUKS header on the disk, what is written there is not encrypted by LUKS.",
    controls: [.protectionAtRest]
  ) { facts in
    facts.madeVolumes.map { volume in
      volume.judgeHeader { header, disk in
        guard header.version == 2 else {
          return .fail(
            volume.name, "'\(disk.path)' has a LUKS\(header.version) header",
            advice: "Move the data to a new volume: esvault provision")
        }
        return .pass(
          volume.name, "'\(disk.path)' has a LUKS2 header",
          evidence: ["LUKS UUID \(header.uuid)"]
            + (disk.ephemeral.map { ["'\(disk.path)' is \($0.note)"] } ?? []))
      }
    }
  }
}
