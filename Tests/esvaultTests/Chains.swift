import BlockDevices
import Elasticsearch
import LUKS
import Vault

@testable import esvault

/// Chains to be shown.
extension ChainFacts {
  private static let uuid = "11111111-7d0e-4f0e-9c1b-0d6f2a9b1c11"

  static var whole: ChainFacts {
    let number = DeviceNumber(major: 253, minor: 0)
    let kernelUUID = "CRYPT-LUKS2-\(uuid.filter { $0 != "-" })-esvol"
    let mapping = Disk(
      name: "dm-0", path: "/dev/mapper/esvol", number: number, bytes: 64 << 30,
      kind: .mapping(name: "esvol", uuid: kernelUUID))
    let disk = Disk(
      name: "nvme1n1", path: "/dev/nvme1n1", number: DeviceNumber(major: 259, minor: 1),
      bytes: 64 << 30, model: "Amazon Elastic Block Store", serial: "vol1")
    let mount = Mount(
      id: 2, parent: 1, number: number, target: "/mnt/es", type: "ext4", options: ["rw"],
      superOptions: ["rw"], source: "/dev/mapper/esvol")
    let cipher = "aes-xts-plain64"
    return ChainFacts(
      mapping: StackedDisk(disk: mapping, beneath: [disk]),
      encryption: .seen(
        Mapping(
          name: "esvol", device: "259:1", uuid: uuid, cipher: cipher, keyBits: 512,
          sectorSize: 4096, dataOffset: 16 << 20)),
      mounts: MountFacts(mount: mount, data: mount), disk: disk,
      header: .seen(
        Header(
          version: 2, uuid: uuid, label: "esvault:esvol", subsystem: "esvault", cipher: cipher,
          keyBits: 512, sectorSize: 4096, dataOffset: 16 << 20,
          keyslots: [
            Keyslot(id: 0, kdf: "pbkdf2", hash: "sha512", iterations: 1000, memoryKiB: nil)
          ])),
      inside: .seen(
        Signature(
          type: "ext4", usage: .filesystem, uuid: "22222222-1f0e-4a0e-8c1b-0d6f2a9b1c22")),
      nodeState: .seen(
        NodeState(nodeID: "_cRiw287SRyE7ChkYnWIww", file: "node-1.st", generation: 1)),
      dataPath: .seen("/mnt/es/elasticsearch"), heap: .seen(4 << 30), service: .running)
  }

  static var closed: ChainFacts {
    var facts = whole
    facts.mapping = nil
    facts.encryption = .nothing
    facts.mounts = MountFacts()
    facts.inside = .nothing
    facts.nodeState = .nothing
    facts.service = .stopped
    return facts
  }

  /// Another mapping has the name, and something else is mounted.
  static var foreign: ChainFacts {
    var facts = whole
    facts.mapping?.disk.kind = .mapping(name: "esvol", uuid: "LVM-x")
    facts.mounts.mount?.number = DeviceNumber(major: 0, minor: 40)
    facts.disk = nil
    return facts
  }

  static var seenByNobody: ChainFacts {
    var facts = whole
    facts.encryption = .needsRoot
    facts.header = .needsRoot
    facts.inside = .needsRoot
    facts.nodeState = .needsRoot
    facts.dataPath = .needsRoot
    facts.heap = .needsRoot
    return facts
  }
}

extension ChainReport {
  /// A report on the volume esvol, that was recorded as the chains above have it.
  static func esvol(
    _ facts: ChainFacts, _ change: (inout VolumeSpec) -> Void = { _ in }
  ) -> ChainReport {
    var spec = VolumeSpec(key: .unstored(isRandom: false))
    spec.device = "vol1"
    spec.uuid = "11111111-7d0e-4f0e-9c1b-0d6f2a9b1c11"
    change(&spec)
    return ChainReport(spec, facts)
  }
}
