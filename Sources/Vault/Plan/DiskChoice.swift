import BlockDevices
import LUKS

/// Which disk a spec means.
///
/// A kernel name is accepted and never remembered: a recorded volume is found by its LUKS UUID and the
/// disk's own serial, a named disk by what the operator typed, and without a name only a disk that is
/// the only blank one will do.
struct DiskChoice {
  let spec: VolumeSpec
  let facts: Facts

  /// - Throws: ``Refusal`` when no disk is meant, or more than one could be.
  func disk() throws(Refusal) -> (disk: DiskFacts, notes: [String]) {
    if let uuid = spec.uuid {
      let (disk, notes) = try RecordedDisk(spec, facts).withHeader(uuid)
      if spec.device != nil, let named = try named(), named.disk.path != disk.disk.path {
        throw Refusal(
          "volume '\(spec.name)' is on '\(disk.disk.path)', not on '\(named.disk.path)'",
          advice:
            "Choose another name and mount for a second volume: esvault provision \(named.disk.path) --name NAME --mount DIR"
        )
      }
      return (disk, notes)
    }
    if let disk = try named() { return (disk, []) }
    if let disk = begun() { return (disk, []) }
    return (try onlyBlank(), [])
  }

  /// The disk that an interrupted run had chosen.
  private func begun() -> DiskFacts? {
    guard let intent = facts.intent, intent.name == spec.name else { return nil }
    return facts.disks.first {
      intent.matches(serial: $0.disk.serial, bytes: $0.disk.bytes)
        && ($0.luksUUID == intent.identifiers.luks || $0.isNoise(of: intent))
    }
  }

  /// The disk that the operator named.
  func mustBeNamed() throws(Refusal) -> DiskFacts {
    guard let disk = try named() else {
      throw Refusal("no disk was named", advice: "List the disks: esvault devices")
    }
    return disk
  }

  /// The disk that the operator named; nil if none was named.
  private func named() throws(Refusal) -> DiskFacts? {
    guard let device = spec.device else { return nil }
    return try facts.disk(
      meant: device, leadingTo: facts.named,
      advice: adviceOnRecorded(device) ?? "List the disks: esvault devices")
  }

  /// What to do where the configuration names the disk that is missing; nil where it does not.
  private func adviceOnRecorded(_ device: String) -> String? {
    guard facts.configuration.volume(named: spec.name)?.device == device else { return nil }
    return
      "Attach the disk of volume '\(spec.name)', or mend its 'device' in '\(facts.configurationPath)'. List the disks: esvault devices"
  }

  /// The only blank disk, never one of the host itself: its contents do not outlive a stop of the machine.
  private func onlyBlank() throws(Refusal) -> DiskFacts {
    let candidates = unclaimedBlankDisks
    guard let disk = candidates.first else {
      throw Refusal(
        "none of this machine's \(facts.disks.count) disks is blank and free",
        advice: "See why, disk by disk: esvault devices", patience: .seconds(86_400))
    }
    guard candidates.count == 1 else {
      throw Refusal(
        "\(candidates.count) disks are blank: \(candidates.map(\.disk.path).joined(separator: ", "))",
        advice: "Name the one that you mean: esvault provision \(disk.disk.path)")
    }
    return disk
  }

  /// The disks that may be chosen without being named: never one that another volume names, which may
  /// still wait for its key.
  var unclaimedBlankDisks: [DiskFacts] {
    let claims = facts.configuration.volumes.filter { $0.name != spec.name }.compactMap(\.device)
    return facts.disks.filter { disk in
      isBlankAndFree(disk)
        && !facts.claimed.contains(disk.disk.name) && !claims.contains(where: disk.disk.isMeant)
    }
  }

  private func isBlankAndFree(_ disk: DiskFacts) -> Bool {
    disk.contents == .blank && disk.obstacle() == nil && disk.disk.ephemeral == nil
      && disk.disk.partitions.isEmpty && !disk.disk.isLoop
  }
}

extension Facts {
  /// The disk that a word of the operator means.
  ///
  /// - Parameters:
  ///   - named: what the word leads to, if it is a path.
  ///   - advice: what to do where the disk is not there.
  /// - Throws: ``Refusal`` where there is none, or where several could be meant.
  func disk(
    meant word: String, leadingTo named: NamedDevice?, advice: String
  ) throws(Refusal) -> DiskFacts {
    let attached = disks.filter { $0.disk.isAttached(as: word) }
    var meant = attached + disks.filter { $0.disk.answers(to: word) && !word.hasPrefix("/") }
    if let path = EC2DeviceName(word)?.path, !attached.isEmpty {
      // The kernel may have a disk of its own with the name that EC2 uses.
      meant += disks.filter { $0.disk.path == path }
    }
    if word.hasPrefix("/"), attached.isEmpty || !(named?.isMissing ?? true) {
      meant.append(try disk(named: named, as: word, advice: advice))
    }
    guard let disk = meant.first else {
      throw Refusal(
        "no disk has the serial or volume id '\(word)'", advice: advice, patience: .seconds(86_400))
    }
    var paths: [String] = []
    for path in meant.map(\.disk.path) where !paths.contains(path) { paths.append(path) }
    guard paths.count == 1 else {
      throw Refusal(
        "'\(word)' names \(paths.count) disks: \(paths.joined(separator: ", "))",
        advice: attached.isEmpty
          ? "Name the disk by its path: esvault provision \(disk.disk.path)"
          : "The first is what EC2 has attached under that name. Name the one that you mean otherwise: esvault provision \(disk.disk.serial ?? disk.disk.path)"
      )
    }
    return disk
  }

  /// The disk that a path led to.
  private func disk(
    named: NamedDevice?, as device: String, advice: String
  ) throws(Refusal) -> DiskFacts {
    let listing = "List the disks: esvault devices"
    switch named {
    case .disk(let name):
      if let disk = disks.first(where: { $0.disk.name == name }) { return disk }
      throw Refusal("'\(device)' is not a disk", advice: listing)
    case .missing, nil:
      throw Refusal(
        "there is no device '\(device)'", advice: advice, patience: .seconds(86_400))
    case .notABlockDevice:
      throw Refusal("'\(device)' is not a block device", advice: listing)
    case .partition(_, let disk):
      throw Refusal(
        "'\(device)' is a partition of '/dev/\(disk)', and a volume takes a whole disk",
        advice: "Attach a blank disk, and name that. \(listing)")
    case .unreadable(_, let cause):
      throw Refusal("could not look at '\(device)': \(cause)", advice: listing)
    }
  }
}

extension NamedDevice {
  var isMissing: Bool {
    if case .missing = self { true } else { false }
  }
}

extension DiskFacts {
  /// The UUID of the LUKS2 header on this disk.
  package var luksUUID: String? {
    if case .header(let header) = header { header.uuid } else { nil }
  }
}
