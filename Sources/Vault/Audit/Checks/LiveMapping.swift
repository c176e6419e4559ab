import BlockDevices
import LUKS

extension Check {
  /// The kernel's own table (`DM_TABLE_STATUS` of device-mapper, the kernel's dm-crypt.rst) is what
  /// happens to the data at this moment, whatever headers and mount tables say.
  ///
  /// A volume that is closed has no mapping, and passes: nothing is written to it.
  static let liveMapping = Check(
    "live-mapping", .error,
    "What is mapped under each volume's name is the volume, encrypted as its header says.",
    reason:
      "A mapping of another kind or disk with the same name looks the same in every mount list, and the data goes elsewhere, or in the clear.",
    controls: [.protectionAtRest]
  ) { facts in
    facts.madeVolumes.map { volume in
      let (name, chain) = (volume.name, volume.chain)
      guard chain.mapping != nil else {
        return .pass(name, "volume '\(name)' is not open: nothing is mapped under its name")
      }
      if case .needsRoot = chain.encryption {
        return .needsRoot(name, "only root may see how '/dev/mapper/\(name)' is encrypted")
      }
      if case .failed(let why) = chain.encryption {
        return .unknown(name, why, advice: "See what the kernel says: dmesg")
      }
      if let problem = ChainCheck(volume.spec, chain).mappingProblem { return .fail(name, problem) }
      guard let mapping = chain.encryption.value else {
        return .unknown(
          name, "'/dev/mapper/\(name)' went away meanwhile", advice: "Audit again: esvault audit")
      }
      return volume.judgeHeader { header, disk in
        guard let difference = mapping.difference(from: header, on: disk) else {
          return .pass(
            name, "'/dev/mapper/\(name)' encrypts '\(disk.path)' as its header says",
            evidence: mapping.evidence)
        }
        return .fail(
          name, "'/dev/mapper/\(name)' has \(difference)",
          advice:
            "Save its data first: a volume whose header does not fit may never open again. See both: dmsetup table \(name); cryptsetup luksDump \(disk.path.shellWord)",
          evidence: mapping.evidence)
      }
    }
  }
}

extension Mapping {
  /// The first thing that the kernel has otherwise than the header says.
  fileprivate func difference(from header: Header, on disk: Disk) -> String? {
    // The kernel names it by its numbers.
    if let number = DeviceNumber(device), number != disk.number {
      return "the disk \(device), not '\(disk.path)'"
    }
    if uuid != header.uuid {
      return "the LUKS UUID '\(uuid)', and its header '\(header.uuid)'"
    }
    if cipher != header.cipher { return "the cipher \(cipher), and its header \(header.cipher)" }
    if keyBits != header.keyBits {
      return "a key of \(keyBits) bits, and its header one of \(header.keyBits)"
    }
    if sectorSize != header.sectorSize {
      return "sectors of \(sectorSize) bytes, and its header of \(header.sectorSize)"
    }
    if dataOffset != header.dataOffset {
      return "its data from byte \(dataOffset), and its header from \(header.dataOffset)"
    }
    return nil
  }

  fileprivate var evidence: [String] {
    [
      "disk \(device), LUKS UUID \(uuid)", "cipher \(cipher), \(keyBits) bits",
      "sectors of \(sectorSize) bytes, data from byte \(dataOffset)",
    ]
  }
}
