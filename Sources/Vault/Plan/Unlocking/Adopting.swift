import LUKS

/// A finished volume that this machine has no record of: what its token says, and what the operator
/// says instead.
package struct Candidate: Equatable, Sendable {
  package let disk: DiskIdentity
  /// LUKS UUID.
  package let uuid: String
  package let token: VolumeToken
  /// How many keyslots its header has.
  package let keyslots: Int

  /// The volume on the disk that the spec names.
  ///
  /// - Throws: ``Refusal`` where no such disk is, or no finished volume on it.
  package init(_ spec: VolumeSpec, _ facts: Facts) throws(Refusal) {
    guard facts.isRoot else {
      throw Refusal("only root can open a volume", advice: "Run it as root: sudo esvault unlock")
    }
    let disk = try DiskChoice(spec: spec, facts: facts).mustBeNamed()
    let volume = try FinishedVolume(on: disk)
    self.disk = disk.disk.identity
    uuid = volume.header.uuid
    token = volume.token
    keyslots = volume.header.keyslots.count
  }
}

extension Plan {
  /// What is missing until the volume on the spec's disk is this machine's own, open and mounted.
  ///
  /// The operator has named the disk, and has seen what its token says. The token is written anew only
  /// after the volume was opened with its key.
  ///
  /// - Throws: ``Refusal`` where its name, its place or its UUID belong to another volume here.
  package static func adopting(_ spec: VolumeSpec, _ facts: Facts) throws(Refusal) -> Plan {
    try Prerequisites(spec, facts).checkVolume()
    let disk = try DiskChoice(spec: spec, facts: facts).mustBeNamed()
    let volume = try FinishedVolume(on: disk)
    let adopting = Adopting(spec: spec, facts: facts, disk: disk, volume: volume)
    try adopting.checkOthers()
    let unlocking = Unlocking(
      spec: spec, facts: facts, disk: disk, volume: volume, checksOwner: false)
    var plan = Plan()
    try unlocking.addOpening(to: &plan)
    try unlocking.addMount(to: &plan)
    try adopting.addRecord(to: &plan)
    try adopting.addUnits(to: &plan)
    unlocking.addStart(to: &plan)
    return plan
  }
}

/// The parts of a plan that takes a volume over.
struct Adopting {
  let spec: VolumeSpec
  let facts: Facts
  let disk: DiskFacts
  let volume: FinishedVolume

  /// Two volumes with one name, one place or one UUID could not be told apart.
  func checkOthers() throws(Refusal) {
    let uuid = volume.header.uuid
    for other in facts.configuration.volumes {
      if other.uuid == uuid, let device = other.device, !disk.disk.answers(to: device),
        facts.disks.contains(where: {
          ($0.luksUUID == uuid || $0.isSilent) && $0.disk.answers(to: device)
        })
      {
        throw Refusal(
          "volume '\(other.name)' is here, on its recorded disk '\(device)': '\(disk.disk.path)' is a copy of it",
          advice:
            "Open the recorded one: esvault unlock \(other.name). To use the copy, detach the disk '\(device)' first."
        )
      }
      if other.name == spec.name, let theirs = other.uuid, theirs != uuid {
        throw Refusal(
          "this machine has another volume '\(spec.name)'",
          advice: "Choose another name: esvault unlock --adopt \(disk.disk.path) --name NAME")
      }
      guard other.name != spec.name else {
        try checkPlace(of: other)
        continue
      }
      if other.uuid == uuid {
        throw Refusal(
          "the volume on '\(disk.disk.path)' is recorded here as '\(other.name)'",
          advice:
            "Take it over by that name: esvault unlock --adopt \(disk.disk.path) --name \(other.name)"
        )
      }
      if let mount = other.mount,
        mount == spec.mount || AbsolutePath.isBelow(spec.mount, mount)
          || AbsolutePath.isBelow(mount, spec.mount)
      {
        throw Refusal(
          "'\(spec.mount)' belongs to volume '\(other.name)'",
          advice: "Choose another mount point: esvault unlock --adopt \(disk.disk.path) --mount DIR"
        )
      }
    }
  }

  /// Somebody may be at work where it is mounted: it is moved only while it is closed.
  private func checkPlace(of own: RecordedVolume) throws(Refusal) {
    guard own.uuid == volume.header.uuid, !facts.mapping.isClosed,
      let mount = own.mount, mount != spec.mount
    else { return }
    throw Refusal(
      "volume '\(own.name)' is open, and belongs at '\(mount)'",
      advice: "Close it first: esvault lock \(own.name)")
  }

  func addRecord(to plan: inout Plan) throws(Refusal) {
    var token = volume.token
    token.name = spec.name
    token.serial = disk.disk.serial
    token.mount = spec.mount
    token.data = spec.data
    let unlocking = Unlocking(spec: spec, facts: facts, disk: disk, volume: volume)
    let adoption = Adoption(opening: unlocking.opening, token: token)
    let recorded = recorded
    if recorded.device == nil, let written = before?.device {
      throw Refusal(
        "'\(written)' is another disk than '\(disk.disk.path)', and that has no serial of its own",
        advice:
          "Take the line 'device: \(written)' out of '\(facts.configurationPath)', or name a link of the disk there: find /dev/disk/by-id /dev/disk/azure -lname '*/\(disk.disk.name)'"
      )
    }
    if let refusal = disk.refusalToRecord(as: recorded.device, in: facts.configurationPath) {
      throw refusal
    }
    let isWritten =
      token == volume.token && volume.header.label == VolumeName.label(spec.name)
      && facts.configuration.volume(named: spec.name) == recorded
    guard !isWritten else { return }
    do { _ = try facts.configuration.recording(recorded) } catch {
      throw error.refusal(path: facts.configurationPath)
    }
    plan.steps.append(.record(recorded, adoption))
  }

  /// The units of a volume that has changed its disk. Where Elasticsearch does not use the volume yet,
  /// they come with `provision`: its own data must not depend on a volume that is only looked at.
  func addUnits(to plan: inout Plan) throws(Refusal) {
    guard facts.settings(for: spec) == .dataPath(spec.data) else {
      plan.notes.append(
        "Elasticsearch's path.data is not '\(spec.data)' yet: 'esvault provision --name \(spec.name)' sets it, and installs what opens the volume at boot"
      )
      return
    }
    guard facts.elasticsearch.service != .missing else {
      throw Refusal(
        "there is no systemd unit '\(spec.service)'",
        advice: "Name the unit that runs Elasticsearch: --service UNIT")
    }
    let units = UnitsPlan(spec: spec, facts: facts, disk: disk.disk)
    if let files = try units.missing() { plan.steps.append(.units(files)) }
    plan.add(.enable([BootUnits.unlock]), unless: !units.disabled.contains(BootUnits.unlock))
  }

  private var before: RecordedVolume? { facts.configuration.volume(named: spec.name) }

  private var recorded: RecordedVolume {
    // Without a serial, by the link that is recorded already or was typed.
    let link = [before?.device, spec.device].compactMap(\.self).first(where: disk.disk.answers)
    // The node comes with the data, whichever disk they are on.
    var recorded = RecordedVolume(
      name: spec.name, device: disk.disk.serial ?? link, uuid: volume.header.uuid,
      mount: spec.mount,
      data: spec.data, node: before?.node, key: spec.key.recorded ?? before?.key,
      elasticsearch: RecordedElasticsearch(spec, before: before?.elasticsearch))
    recorded.generatesKey = before?.generatesKey ?? false
    return recorded
  }
}
