import BlockDevices
import LUKS

extension Standing {
  /// Judges the disk that was chosen.
  ///
  /// - Throws: ``Refusal`` for everything that is neither blank nor certainly our own.
  init(of disk: DiskFacts, for spec: VolumeSpec, _ facts: Facts) throws(Refusal) {
    if let refusal = disk.obstacle() { throw refusal }
    if case .header(let header) = disk.header, header.isEsvault {
      do {
        let own = try Standing(of: header, on: disk, for: spec, facts)
        self = own.isGivenUp(by: spec, facts) ? .condemned(contents: disk.loss) : own
      } catch {
        // Somebody else's volume is given up like any other contents; a recorded one never is.
        guard spec.wipe != nil, facts.configuration.volume(on: disk) == nil else { throw error }
        self = .condemned(contents: disk.loss)
      }
    } else if disk.contents == .blank, disk.disk.partitions.isEmpty {
      self = .blank
    } else if let intent = facts.intent, intent.name == spec.name, disk.isNoise(of: intent) {
      self = .interrupted(intent.identifiers)
    } else {
      self = try Standing(condemning: disk, for: spec, facts)
    }
    guard !isVolume, let recorded = facts.configuration.volume(on: disk) else { return }
    throw Refusal(
      "'\(disk.disk.path)' carries the recorded volume '\(recorded.name)', and its header or token is not as it was left",
      advice:
        "If its data is given up, remove the volume from \(facts.configurationPath) first. Else look at it: cryptsetup luksDump \(disk.disk.path)"
    )
  }

  /// Whether the operator names a volume to be wiped that never held data, and that no stored key
  /// opens: without it there is no way on.
  private func isGivenUp(by spec: VolumeSpec, _ facts: Facts) -> Bool {
    switch self {
    case .keyed, .formatted:
      spec.wipe != nil && spec.uuid == nil && facts.mapping == .none && facts.key != .usable
    default: false
    }
  }

  private var isVolume: Bool {
    switch self {
    case .formatted, .ready: true
    default: false
    }
  }

  /// A header with esvault's subsystem: ours only if name, serial and history agree.
  private init(
    of header: Header, on disk: DiskFacts, for spec: VolumeSpec, _ facts: Facts
  ) throws(Refusal) {
    let path = disk.disk.path
    guard header.label == VolumeName.label(spec.name) else {
      let label = header.label
      let name = label.hasPrefix("esvault:") ? String(label.dropFirst(8)) : label
      let own = VolumeName.isValid(name) ? ", or use the volume's own name: --name \(name)" : "."
      throw Refusal(
        "'\(path)' is the volume '\(name)', not '\(spec.name)'",
        advice: "Name a blank disk\(own)")
    }
    let tokens = header.tokens.filter { $0.type == VolumeToken.type }
    guard tokens.count <= 1 else {
      throw Refusal(
        "the header of '\(path)' has \(tokens.count) esvault tokens",
        advice: "Look at them: cryptsetup luksDump \(path)")
    }
    if let token = tokens.first {
      self = try Standing(of: token, in: header, on: disk, for: spec, facts)
    } else if let intent = facts.intent, intent.identifiers.luks == header.uuid,
      intent.matches(serial: disk.disk.serial, bytes: disk.disk.bytes)
    {
      // Without a keyslot nobody can ever open it: nothing is lost by writing it anew.
      self =
        header.keyslots.isEmpty
        ? .interrupted(intent.identifiers) : .keyed(intent.identifiers, header)
    } else {
      throw Refusal(
        "'\(path)' has an unfinished header of volume '\(spec.name)', and no record on this machine says who began it",
        advice:
          "If nothing on it is needed, name it twice: esvault provision \(path) --wipe \(path)")
    }
  }

  private init(
    of token: Token, in header: Header, on disk: DiskFacts, for spec: VolumeSpec, _ facts: Facts
  ) throws(Refusal) {
    let path = disk.disk.path
    let decoded: VolumeToken
    do { decoded = try VolumeToken.decode(token.json) } catch {
      throw Refusal(
        "'\(path)' cannot be taken for volume '\(spec.name)': \(error)",
        advice: "Look at it, and use the esvault that wrote it: cryptsetup luksDump \(path)")
    }
    guard decoded.name == spec.name, decoded.serial == disk.disk.serial else {
      throw Refusal(
        "'\(path)' was made as volume '\(decoded.name)' on the disk '\(decoded.serial ?? "without a serial")', and this is '\(disk.disk.serial ?? "without a serial")'",
        advice:
          "It may be a restored snapshot or a clone. Attach the disk that was recorded, or take this one over: esvault unlock --adopt \(path)"
      )
    }
    guard
      facts.configuration.volume(named: spec.name)?.uuid == header.uuid
        || facts.intent?.identifiers.luks == header.uuid
    else {
      throw .unrecorded(spec.name, on: path)
    }
    guard decoded.mount == spec.mount, decoded.data == spec.data else {
      throw Refusal(
        "volume '\(spec.name)' on '\(path)' belongs at '\(decoded.mount)' with its data in '\(decoded.data)'",
        advice:
          "Use the same again: --mount \(decoded.mount.shellWord) --data \(decoded.data.shellWord)")
    }
    self = decoded.phase == .ready ? .ready(decoded, header) : .formatted(decoded, header)
  }

  /// Something that is not ours: only `--wipe` with the same disk gives it up.
  private init(condemning disk: DiskFacts, for spec: VolumeSpec, _ facts: Facts) throws(Refusal) {
    let contents = disk.loss
    let path = disk.disk.path
    guard spec.wipe != nil else {
      if case .unreadable(let why) = disk.header {
        throw Refusal(
          "'\(path)' has a LUKS header that cannot be read: \(why)",
          advice:
            "If it holds data that you need, restore its header from a backup: cryptsetup luksHeaderRestore \(path) --header-backup-file FILE"
        )
      }
      throw Refusal(
        "'\(path)' holds \(contents)",
        advice:
          "If nothing on it is needed, name it twice: esvault provision \(path) --wipe \(path)")
    }
    self = .condemned(contents: contents)
  }
}

extension Refusal {
  /// A volume is not believed by its name alone.
  static func unrecorded(_ name: String, on path: String) -> Refusal {
    Refusal(
      "'\(path)' is a volume '\(name)' that this machine has no record of",
      advice:
        "It may come from another machine. To use it here, take it over: esvault unlock --adopt \(path)"
    )
  }
}
