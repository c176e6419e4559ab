import LUKS

extension Check {
  /// LUKS1 has one copy of its header, no token for esvault's record, and no memory-hard key
  /// derivation (cryptsetup(8)).
  static let luks2 = Check(
    "luks2", .error, "Each volume's disk has a LUKS2 header.",
    reason: "Without a LUKS header on the disk, what is written there is not encrypted by LUKS.",
    controls: [.protectionAtRest]
  ) { facts in
    facts.volumes.map { volume in
      let name = volume.spec.name
      let attach = "Attach the disk of volume '\(name)', then audit again."
      guard let disk = volume.chain.disk else {
        return .unknown(name, "the disk of volume '\(name)' is not there", advice: attach)
      }
      switch volume.chain.header {
      case .seen(let header) where header.version == 2:
        return .pass(
          name, "'\(disk.path)' has a LUKS2 header", evidence: ["LUKS UUID \(header.uuid)"])
      case .seen(let header):
        return .fail(
          name, "'\(disk.path)' has a LUKS\(header.version) header",
          advice: "Move the data to a new volume: esvault provision")
      case .nothing:
        return .fail(
          name, "'\(disk.path)' has no LUKS header",
          advice: "See what is on it, and write nothing to it: esvault devices")
      case .needsRoot:
        return .unknown(
          name, "only root may read the header on '\(disk.path)'",
          advice: "Run as root: sudo esvault audit")
      case .failed(let why):
        return .unknown(name, why, advice: "See what the kernel says: dmesg")
      }
    }
  }
}
