import Elasticsearch
import LUKS

extension Plan {
  /// What is missing until a recorded volume is open and mounted.
  ///
  /// - Throws: ``Refusal`` when it cannot be opened safely; one with patience may pass.
  package static func unlocking(_ spec: VolumeSpec, _ facts: Facts) throws(Refusal) -> Plan {
    try Prerequisites(spec, facts).checkVolume()
    guard let uuid = spec.uuid else {
      throw Refusal(
        "volume '\(spec.name)' was never finished: \(facts.configurationPath) has no 'uuid' for it",
        advice: "Finish it: esvault provision --name \(spec.name)")
    }
    let (disk, notes) = try RecordedDisk(spec, facts).withHeader(uuid)
    let volume = try FinishedVolume(on: disk, named: spec.name)
    let unlocking = Unlocking(spec: spec, facts: facts, disk: disk, volume: volume)
    var plan = Plan(notes: notes)
    try unlocking.addOpening(to: &plan)
    try unlocking.addMount(to: &plan)
    unlocking.addStart(to: &plan)
    return plan
  }
}

/// The parts of a plan that opens a finished volume.
struct Unlocking {
  let spec: VolumeSpec
  let facts: Facts
  let disk: DiskFacts
  let volume: FinishedVolume
  /// Whether the owner and the modes of the data directory must be right. Of a volume that comes from
  /// another machine they cannot be.
  var checksOwner = true

  var opening: Opening {
    Opening(
      disk: disk.disk.identity, name: spec.name, uuid: volume.header.uuid,
      filesystem: volume.token.filesystem, policy: spec.policy, timeout: spec.timeout)
  }

  func addOpening(to plan: inout Plan) throws(Refusal) {
    if let obstacle = disk.obstacle() { throw obstacle }
    try volume.header.check(against: spec.policy, of: spec.name, on: disk.disk.path)
    let check = MappingCheck(spec, facts, disk, uuid: volume.header.uuid)
    let isOpen = try check.isOpen()
    try check.checkInside(filesystem: volume.token.filesystem, isReady: true)
    guard !isOpen else { return }
    try checkKey()
    if volume.header.damagedCopies > 0 {
      plan.notes.append(
        "one of the two copies of the LUKS header on '\(disk.disk.path)' is damaged: opening the volume mends it from the other. Check the disk, and keep a header backup"
      )
    }
    plan.steps.append(.open(opening))
  }

  private func checkKey() throws(Refusal) {
    guard let key = spec.key.source else { return }
    switch facts.key {
    case .usable, .unstored: return
    case .unusable(let why):
      throw Refusal("the \(key.name) cannot be used: \(why)", advice: key.advice)
    case .absent:
      throw Refusal(
        "the \(key.name) of volume '\(spec.name)' is gone",
        advice:
          "Restore it from its safe copy, or give the key by hand: esvault unlock \(spec.name) --key-file PATH"
      )
    }
  }

  func addMount(to plan: inout Plan) throws(Refusal) {
    let check = MountPointCheck(spec, facts)
    guard try !check.isMounted() else { return try checkDirectories() }
    plan.add(.guardMountPoint(spec.mount), unless: check.isGuarded)
    plan.steps.append(
      .mount(
        Mounting(
          opening: opening, path: spec.mount, directory: checksOwner ? directory : nil)))
  }

  private var directory: DataDirectory? { DataDirectory(spec, facts) }

  private func checkDirectories() throws(Refusal) {
    guard checksOwner, let directory, let present = facts.directories, !present.satisfies(directory)
    else {
      return
    }
    if let refusal = directory.refusal(for: present) { throw refusal }
    throw Refusal(
      "the directories of volume '\(spec.name)' are not as they were made",
      advice: "Let esvault set them right: esvault provision --name \(spec.name)")
  }

  /// Whoever opens a volume by hand wants its Elasticsearch: at boot systemd starts it. One that has its
  /// data on another volume is left to that: it may be closed still.
  func addStart(to plan: inout Plan) {
    guard !plan.steps.isEmpty, spec.startsService, facts.elasticsearch.isEnabled == true,
      facts.elasticsearch.service == .stopped, facts.hasData(on: spec)
    else { return }
    plan.steps.append(.start(service: spec.service, data: spec.data))
  }
}
