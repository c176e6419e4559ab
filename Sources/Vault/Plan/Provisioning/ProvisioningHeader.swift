import Elasticsearch
import LUKS

/// The key, and the header that depends on it.
extension Provisioning {
  func addKey(to plan: inout Plan) throws(Refusal) {
    if let path = spec.key.path, AbsolutePath.isBelow(path, spec.mount) {
      throw Refusal(
        "the key file '\(path)' would lie on the volume that it opens",
        advice: "Choose a path on another disk: --key-file /etc/esvault/keys/\(spec.name).key")
    }
    guard standing.formattingStart != nil || facts.mapping.isClosed else { return }
    guard let key = spec.key.source else { return }
    switch facts.key {
    case .usable, .unstored: return
    case .unusable(let why):
      throw Refusal(
        "the \(key.name) cannot be used: \(why)", advice: key.advice)
    case .absent:
      guard standing.takesNewHeader else {
        throw Refusal(
          "the \(key.name) of volume '\(spec.name)' is gone, and no new key can open it",
          advice: isUnfinished
            ? "Restore it. If it is lost, so is nothing else, for the volume never held data: name its disk twice, with --wipe \(disk.disk.path)"
            : "Restore it from its safe copy, then run the command again.")
      }
      guard case .generated(let path, _) = spec.key else {
        throw Refusal(
          "there is no \(key.name)",
          advice: spec.key.path == nil ? key.advice : "Let esvault make one: --generate-key")
      }
      guard !AbsolutePath.isVolatile(path), !facts.isNewKeyInMemory else {
        throw Refusal(
          "a new key in '\(path)' would be lost at the next reboot",
          advice: "Choose a path on a disk: --key-file /etc/esvault/keys/\(spec.name).key")
      }
      plan.steps.append(.key(path: path))
    }
  }

  private var isUnfinished: Bool {
    if case .ready = standing { false } else { true }
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
    if let start = standing.formattingStart { plan.steps.append(.format(formatting(start))) }
    if disk.disk.serial == nil, standing.takesNewHeader {
      plan.notes.append(
        "'\(disk.disk.path)' has no serial of its own: the volume is known by its LUKS UUID alone")
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
    let elasticsearch = facts.elasticsearch
    return elasticsearch.jvm.options.heap.maximum
      ?? elasticsearch.heapShare.flatMap { Heap.share($0.text, of: facts.memory) }
      ?? Heap.recommended(memory: facts.memory)
  }
}
