import BlockDevices

/// The disk that carries a recorded volume.
///
/// A volume is known by its LUKS UUID and the disk's own serial. A copy of the disk has the same UUID,
/// and a kernel name belongs to another disk at every boot.
struct RecordedDisk {
  private let name: String
  private let facts: Facts
  /// As recorded: a serial, a volume id or a by-id link; nil for a disk without a serial.
  private let device: String?
  /// How long a copy alone is waited upon for the recorded disk to appear beside it.
  private static let settling = Duration.seconds(5)

  init(_ spec: VolumeSpec, _ facts: Facts) {
    name = spec.name
    self.facts = facts
    device = facts.configuration.volume(named: spec.name)?.device
  }

  /// The disk with that LUKS UUID and the recorded serial, and what is to be said about its copies.
  func withHeader(_ uuid: String) throws(Refusal) -> (DiskFacts, [String]) {
    let holders = facts.disks.filter { $0.luksUUID == uuid }
    guard !holders.isEmpty else { throw hanging ?? missing(uuid) }
    guard let device else {
      guard holders.count == 1 else { throw ambiguous(uuid, holders) }
      // The one that answers may be the copy. What is open already is known by the kernel's table.
      if facts.mapping.isClosed,
        let silent = facts.disks.silence(where: { $0.disk.serial == nil && $0.mayHoldAVolume })
      {
        throw silent
      }
      return (holders[0], [])
    }
    let own = holders.filter { $0.disk.answers(to: device) }
    guard own.count <= 1 else { throw ambiguous(uuid, own) }
    guard let disk = own.first else { throw hanging ?? copyAlone(holders[0].disk, device) }
    let copies = holders.filter { $0.disk.path != disk.disk.path }.map {
      "disk '\($0.disk.path)' (serial \($0.disk.serial ?? "unknown")) carries the same LUKS UUID as volume '\(name)': it is a copy, and is left alone"
    }
    return (disk, copies)
  }

  /// That the recorded disk is here and does not answer: then nobody knows what is on it.
  private var hanging: Refusal? {
    guard let device else { return nil }
    return facts.disks.silence { $0.disk.answers(to: device) }
  }

  private func missing(_ uuid: String) -> Refusal {
    let what = "volume '\(name)' (LUKS UUID \(uuid)) is on none of this machine's disks"
    guard let device, let disk = facts.disks.first(where: { $0.disk.answers(to: device) }) else {
      return Refusal(
        what,
        advice: "Attach its disk\(device.map { " '\($0)'" } ?? ""), then see 'esvault devices'.",
        patience: .seconds(86_400))
    }
    let path = disk.disk.path
    guard case .unreadable(let why) = disk.header else {
      return Refusal(
        "\(what): the recorded disk '\(path)' holds \(disk.belongings ?? "nothing")",
        advice:
          "If its header was overwritten, restore a backup of it: cryptsetup luksHeaderRestore \(path) --header-backup-file FILE"
      )
    }
    return Refusal(
      "both copies of the LUKS header of volume '\(name)' on '\(path)' are damaged: \(why)",
      advice:
        "Without its header nobody can open it. Restore a header backup: cryptsetup luksHeaderRestore \(path) --header-backup-file FILE"
    )
  }

  private func copyAlone(_ disk: Disk, _ device: String) -> Refusal {
    Refusal(
      "disk '\(disk.path)' carries volume '\(name)', but its serial is '\(disk.serial ?? "unknown")', not the recorded '\(device)'",
      advice:
        "It may be a restored snapshot or a clone. Attach the recorded disk or, to use this one from now on, take it over: esvault unlock --adopt \(disk.path)",
      patience: Self.settling)
  }

  private func ambiguous(_ uuid: String, _ disks: [DiskFacts]) -> Refusal {
    Refusal(
      "\(disks.count) disks carry the LUKS UUID \(uuid) of volume '\(name)', and no serial tells them apart: \(disks.map(\.disk.path).joined(separator: ", "))",
      advice: "Detach the copy, then run the command again.")
  }
}
