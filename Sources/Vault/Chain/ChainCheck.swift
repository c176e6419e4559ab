import BlockDevices
import LUKS

/// Judges a volume's chain: whether Elasticsearch, if it started now, would write into its volume.
package struct ChainCheck {
  let spec: VolumeSpec
  let facts: ChainFacts
  private let mapper: String
  private let volume: String

  package init(_ spec: VolumeSpec, _ facts: ChainFacts) {
    self.spec = spec
    self.facts = facts
    mapper = "'/dev/mapper/\(spec.name)'"
    volume = "volume '\(spec.name)'"
  }

  /// The kernel's messages name the filesystem by this.
  private var kernelName: String { facts.mapping?.disk.name ?? spec.name }

  /// Everything that keeps Elasticsearch from starting, from the disk upwards. The first is the one to
  /// mend first.
  package var barriers: [ChainProblem] {
    guard let first = mappingProblem else { return [mountProblem].compactMap(\.self) }
    // That what is not open is not mounted goes without saying.
    let isAnythingMounted = facts.mounts.mount != nil || facts.mounts.hidden != nil
    return [first] + [isAnythingMounted ? mountProblem : nil].compactMap(\.self)
  }

  /// Why what is mapped under the volume's name is not the volume, or is not open.
  var mappingProblem: ChainProblem? {
    guard let uuid = spec.uuid else {
      return ChainProblem(
        "\(volume) is not made yet", "run 'esvault provision --name \(spec.name)'")
    }
    guard let mapping = facts.mapping else { return closed }
    guard case .mapping(_, let kernelUUID) = mapping.disk.kind,
      Mapping.luksUUID(in: kernelUUID) == uuid
    else {
      return ChainProblem(
        "\(mapper) is another mapping than \(volume)",
        "see what it is with 'dmsetup info \(spec.name)', close it with 'dmsetup remove \(spec.name)', then run 'esvault unlock'"
      )
    }
    return diskProblem(mapping) ?? encryptionProblem
  }

  private var closed: ChainProblem {
    guard let device = spec.device, facts.disk == nil else {
      return ChainProblem("\(volume) is not open", "run 'esvault unlock'")
    }
    return ChainProblem(
      "\(volume) is not open, and its disk '\(device)' is not there",
      "attach the disk, then run 'esvault unlock'")
  }

  private func diskProblem(_ mapping: StackedDisk) -> ChainProblem? {
    guard let disk = mapping.beneath.first else {
      return ChainProblem(
        "the disk of \(volume) is gone",
        "attach it again, run 'esvault lock \(spec.name)', then 'esvault unlock'")
    }
    if let device = spec.device, !disk.answers(to: device) {
      return ChainProblem(
        "\(volume) is open on the disk '\(disk.serial ?? disk.path)', not on '\(device)' as recorded",
        "run 'esvault lock \(spec.name)', detach the copy, then run 'esvault unlock'")
    }
    guard !mapping.isSuspended else {
      return ChainProblem(
        "\(mapper) is suspended: what reads it waits", "run 'dmsetup resume \(spec.name)'")
    }
    return nil
  }

  private var encryptionProblem: ChainProblem? {
    switch facts.encryption {
    case .needsRoot: return nil
    case .failed(let why): return ChainProblem(why, "see what the kernel says with 'dmesg'")
    case .nothing:
      return ChainProblem(
        "\(mapper) does not encrypt",
        "see its table with 'dmsetup table \(spec.name)', unmount it, close it with 'dmsetup remove \(spec.name)', then run 'esvault unlock'"
      )
    case .seen(let mapping):
      guard !mapping.follows(spec.policy) else { return nil }
      return ChainProblem(
        "\(mapper) is encrypted with \(mapping.cipher), \(mapping.keyBits) bits, from byte \(mapping.dataOffset), not as the volume must be",
        "see its table with 'dmsetup table \(spec.name)', and take it down with 'esvault lock \(spec.name)'"
      )
    }
  }

  private var mountProblem: ChainProblem? {
    let again = "then run 'esvault unlock'"
    if let hidden = facts.mounts.hidden {
      return ChainProblem(
        "something mounted at '\(hidden)' hides the mount point '\(spec.mount)'",
        "run 'umount \(hidden.shellWord)'")
    }
    guard let mount = facts.mounts.mount else {
      return ChainProblem("\(volume) is open, but not mounted", "run 'esvault unlock'")
    }
    let unmount = "run 'umount \(spec.mount.shellWord)', \(again)"
    guard mount.number == facts.mapping?.disk.number else {
      return ChainProblem(
        "something else is mounted at '\(spec.mount)', not \(volume): '\(mount.source)'", unmount)
    }
    guard mount.root == "/" else {
      return ChainProblem(
        "only '\(mount.root)' of \(volume) is mounted at '\(spec.mount)'", unmount)
    }
    guard !mount.isReadOnly else {
      return ChainProblem(
        "\(volume) is mounted read-only at '\(spec.mount)'",
        "see why with 'dmesg | grep \(kernelName)', run 'esvault lock \(spec.name)', \(again)")
    }
    return dataProblem(mount)
  }

  private func dataProblem(_ mount: Mount) -> ChainProblem? {
    guard let data = facts.mounts.data, data.id != mount.id else { return nil }
    return ChainProblem(
      "something mounted at '\(data.target)' hides the data path '\(spec.data)'",
      "run 'umount \(data.target.shellWord)'")
  }
}

extension Mount {
  /// The kernel makes the whole filesystem read-only after an error of the disk, an operator one mount
  /// of it.
  fileprivate var isReadOnly: Bool { superOptions.contains("ro") || options.contains("ro") }
}
