import BlockDevices
import Elasticsearch
import LUKS

extension Plan {
  /// What is missing until the volume that the spec asks for is in use.
  ///
  /// - Throws: ``Refusal`` when no safe plan exists.
  package static func provisioning(_ spec: VolumeSpec, _ facts: Facts) throws(Refusal) -> Plan {
    try Prerequisites(spec, facts).check()
    let (disk, notes) = try DiskChoice(spec: spec, facts: facts).disk()
    try WipeOrder(spec, facts).check(against: disk)
    let standing = try Standing(of: disk, for: spec, facts)
    let provisioning = Provisioning(
      spec: spec, facts: facts, disk: disk, standing: standing,
      heap: try spec.heap(memory: facts.memory))
    var plan = Plan(notes: notes)
    try provisioning.addKey(to: &plan)
    provisioning.addFormat(to: &plan)
    try provisioning.addOpening(to: &plan)
    try provisioning.addMount(to: &plan)
    try provisioning.addRecord(to: &plan)
    try provisioning.addElasticsearch(to: &plan)
    try provisioning.checkStopped(before: plan)
    return plan
  }
}

/// The parts of a provisioning plan, each deciding upon the same spec and facts.
struct Provisioning {
  let spec: VolumeSpec
  let facts: Facts
  let disk: DiskFacts
  let standing: Standing
  /// The heap that the spec asks for, in bytes; nil leaves it alone.
  let heap: UInt64?

  // MARK: Key and header

  func addKey(to plan: inout Plan) throws(Refusal) {
    if let path = spec.key.path, AbsolutePath.isBelow(path, spec.mount) {
      throw Refusal(
        "the key file '\(path)' would lie on the volume that it opens",
        advice: "Choose a path on another disk: --key-file /etc/esvault/keys/\(spec.name).key")
    }
    guard needsHeader || facts.mapping == .none else { return }
    switch facts.key {
    case .usable, .unstored: return
    case .unusable(let why):
      throw Refusal(
        "the key file '\(spec.key.path ?? "")' cannot be used: \(why)",
        advice: "A key file is a plain file of root with mode 0400 and 1 byte to 8 MiB.")
    case .absent:
      guard writesNewHeader else {
        throw Refusal(
          "the key file '\(spec.key.path ?? "")' of volume '\(spec.name)' is gone, and no new key can open it",
          advice: "Restore the file from its safe copy, then run the command again.")
      }
      guard case .generated(let path, _) = spec.key else {
        throw Refusal(
          "there is no key file '\(spec.key.path ?? "")'",
          advice: "Let esvault make one: --generate-key")
      }
      guard !AbsolutePath.isVolatile(path) else {
        throw Refusal(
          "a new key in '\(path)' would be lost at the next reboot",
          advice: "Choose a path on a disk: --key-file /etc/esvault/keys/\(spec.name).key")
      }
      plan.steps.append(.key(path: path))
    }
  }

  func addFormat(to plan: inout Plan) {
    if case .condemned(let contents) = standing {
      plan.steps.append(
        .wipe(
          Wiping(
            disk: disk.disk.identity, name: spec.name, identifiers: identifiers,
            overwrite: spec.overwrite, contents: contents)))
      if !spec.overwrite {
        plan.notes.append(
          "old contents of '\(disk.disk.path)' may remain readable in sectors that are not yet written, unless the disk discards them: --overwrite writes over all of them"
        )
      }
    }
    if let start = formattingStart { plan.steps.append(.format(formatting(start))) }
    if disk.disk.serial == nil, writesNewHeader {
      plan.notes.append(
        "'\(disk.disk.path)' has no serial of its own: the volume is known by its LUKS UUID alone")
    }
  }

  private var formattingStart: Formatting.Start? {
    switch standing {
    case .blank: .blank
    case .condemned: .wiped
    case .interrupted: .interrupted
    case .keyed: .keyed
    case .formatted, .ready: nil
    }
  }

  private func formatting(_ start: Formatting.Start) -> Formatting {
    let generates = facts.key == .absent
    let parts = spec.policy.cipher.split(separator: "-", maxSplits: 1).map(String.init)
    return Formatting(
      disk: disk.disk.identity, start: start,
      header: HeaderFormat(
        uuid: identifiers.luks, label: VolumeName.label(spec.name), cipher: parts[0],
        mode: parts[1], keyBits: spec.policy.keyBits, sectorSize: disk.disk.encryptionSectorSize),
      derivation: KeyDerivation.suited(
        isRandom: generates || spec.key.isVouchedRandom, memory: facts.memory,
        heap: heap ?? presentHeap),
      token: VolumeToken(
        name: spec.name, serial: disk.disk.serial, mount: spec.mount, data: spec.data,
        filesystem: identifiers.filesystem, phase: .formatted))
  }

  /// The heap that is left alone, in bytes: as configured, or else as Elasticsearch chooses it.
  private var presentHeap: UInt64 {
    if case .written(_, let maximum?) = facts.elasticsearch.heap { return maximum }
    return Heap.recommended(memory: facts.memory)
  }

  /// Whether a key can still be chosen.
  private var writesNewHeader: Bool {
    switch standing {
    case .blank, .condemned, .interrupted: true
    case .keyed, .formatted, .ready: false
    }
  }

  private var needsHeader: Bool { formattingStart != nil }

  private var identifiers: Identifiers {
    switch standing {
    case .interrupted(let own), .keyed(let own, _): own
    case .formatted(let token, let header), .ready(let token, let header):
      Identifiers(luks: header.uuid, filesystem: token.filesystem)
    case .blank, .condemned: facts.fresh
    }
  }

  private var opening: Opening {
    Opening(
      disk: disk.disk.identity, name: spec.name, uuid: identifiers.luks,
      filesystem: identifiers.filesystem, policy: spec.policy)
  }

  // MARK: Mapping, filesystem, mount

  func addOpening(to plan: inout Plan) throws(Refusal) {
    switch standing {
    case .keyed(_, let header), .formatted(_, let header), .ready(_, let header):
      try header.check(against: spec.policy, of: spec.name, on: disk.disk.path)
    case .blank, .condemned, .interrupted: break
    }
    let isOpen = try MappingCheck(spec, facts, disk, uuid: identifiers.luks).isOpen()
    if isOpen, writesNewHeader {
      throw Refusal(
        "'/dev/mapper/\(spec.name)' is open, and its header on '\(disk.disk.path)' is gone",
        advice:
          "Save its data while it is open: it cannot be opened again. If nothing in it is needed, close it: cryptsetup close \(spec.name)"
      )
    }
    plan.add(.open(opening), unless: isOpen)
    var isReady = false
    if case .ready = standing { isReady = true }
    if isOpen { try checkInside(isReady: isReady) }
    plan.add(.filesystem(opening), unless: isReady)
  }

  /// An open volume must hold what its token says.
  private func checkInside(isReady: Bool) throws(Refusal) {
    guard case .encrypted(_, _, let inside) = facts.mapping else { return }
    if inside?.type == "ext4", inside?.uuid == identifiers.filesystem { return }
    if inside == nil, !isReady { return }
    throw Refusal(
      "volume '\(spec.name)' should hold the ext4 filesystem \(identifiers.filesystem), and holds \(inside?.description ?? "none")",
      advice:
        "esvault never makes the filesystem of a finished volume anew. Restore it from a snapshot.")
  }

  func addMount(to plan: inout Plan) throws(Refusal) {
    let other = "Choose another mount point: --mount DIR"
    switch facts.mountPoint {
    case .volume: return
    case .notADirectory:
      throw Refusal("the mount point '\(spec.mount)' is not a directory", advice: other)
    case .occupied(let source):
      throw Refusal("something else is mounted at '\(spec.mount)': '\(source)'", advice: other)
    case .directory(isEmpty: false, _):
      throw Refusal(
        "the mount point '\(spec.mount)' is not empty: its files would be hidden",
        advice: "Look at them: ls -la \(spec.mount). Move them away, or choose another: --mount DIR"
      )
    case .directory(isEmpty: true, let isImmutable):
      plan.add(.guardMountPoint(spec.mount), unless: isImmutable)
    case .absent:
      plan.steps.append(.guardMountPoint(spec.mount))
    }
    plan.steps.append(.mount(opening, at: spec.mount))
  }
}
