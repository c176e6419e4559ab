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
    if let disk = try named() {
      // One that was made is told by its header. And who says --wipe has named the disk twice.
      if spec.wipe == nil, let other = owner(of: disk),
        facts.configuration.volume(named: other)?.uuid == nil
      {
        throw Refusal(
          "'\(disk.disk.path)' is the disk of volume '\(other)' in '\(facts.configurationPath)'",
          advice: "Make that volume: esvault provision --name \(other)")
      }
      return (disk, [])
    }
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
    if let silent = facts.disks.silence(where: { mayBeBlank($0) && mayBeChosen($0) }) {
      throw silent
    }
    let candidates = unclaimedBlankDisks
    guard let disk = candidates.first else {
      // No part of the description: what differs from look to look is no new reason to wait.
      let reasons = facts.disks.compactMap(reasonAgainst).joined(separator: "; ")
      throw Refusal(
        "none of this machine's \(facts.disks.count) disks is blank and free",
        advice:
          "Attach a blank disk, or name the one that you mean, see 'esvault devices': \(reasons)",
        patience: .seconds(86_400))
    }
    if let own = strayVolume { throw .unrecorded(spec.name, on: own.disk.path) }
    guard candidates.count == 1 else {
      throw Refusal(
        "\(candidates.count) disks are blank: \(candidates.map(\.disk.path).joined(separator: ", "))",
        advice: "Name the one that you mean: esvault provision \(disk.disk.path)")
    }
    return disk
  }

  /// A volume of this name that no entry of the configuration has: the node's own, perhaps, whose entry
  /// somebody has written anew. A blank disk in its place would begin an empty node.
  private var strayVolume: DiskFacts? {
    facts.disks.first { disk in
      guard case .header(let header) = disk.header, header.isEsvault,
        header.label == VolumeName.label(spec.name)
      else { return false }
      return !facts.configuration.volumes.contains { $0.uuid == header.uuid }
    }
  }

  /// The disks that may be chosen without being named: never one that another volume names, which may
  /// still wait for its key.
  var unclaimedBlankDisks: [DiskFacts] {
    facts.disks.filter { $0.reasons.isEmpty && mayBeChosen($0) }
  }

  private func mayBeBlank(_ silent: DiskFacts) -> Bool {
    silent.mayHoldAVolume && !silent.disk.isReadOnly
  }

  /// Whether a disk may be taken that nobody has named, if it is blank and free.
  private func mayBeChosen(_ disk: DiskFacts) -> Bool { reasonToAsk(disk) == nil }

  /// Why a disk is not taken without being named; nil for one that may be.
  private func reasonAgainst(_ disk: DiskFacts) -> String? {
    disk.reasons.first ?? reasonToAsk(disk)
  }

  /// Why a disk, be it blank, is taken only where it is named; nil where it is not.
  private func reasonToAsk(_ disk: DiskFacts) -> String? {
    let path = disk.disk.path
    if let other = owner(of: disk) { return "'\(path)' is the disk of volume '\(other)'" }
    if let ephemeral = disk.disk.ephemeral {
      return "'\(path)' is taken only by name: \(ephemeral.note)"
    }
    return disk.disk.isLoop ? "'\(path)' is a loop device, taken only by name" : nil
  }

  /// The other volume of the configuration that names this disk.
  private func owner(of disk: DiskFacts) -> String? {
    facts.claims[disk.disk.name]
      ?? facts.configuration.volumes.first { other in
        other.name != spec.name && (other.device.map(disk.disk.isMeant) ?? false)
      }?.name
  }
}

extension DiskFacts {
  /// The UUID of the LUKS2 header on this disk.
  package var luksUUID: String? {
    if case .header(let header) = header { header.uuid } else { nil }
  }
}
