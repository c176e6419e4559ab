import BlockDevices
import Elasticsearch
import LUKS

/// One volume as reports show it: from the disk up to the node.
package struct VolumeStatus: Equatable, Sendable {
  package var name: String
  /// The disk's path at this moment.
  package var device: String?
  package var serial: String?
  package var model: String?
  /// Size of the disk.
  package var bytes: UInt64?
  package var uuid: String?
  package var cipher: String?
  package var keyBits: Int?
  package var sectorSize: Int?
  package var isOpen: Bool
  /// Where it is mounted; nil while it is not.
  package var mount: String?
  /// UUID of the filesystem inside; known while it is open.
  package var filesystem: String?
  package var dataPath: String
  package var nodeID: String?
  /// As Elasticsearch's options say.
  package var heapBytes: UInt64?
  /// The option that makes the heap a share of the memory, where none gives its size.
  package var heapOption: String?
  /// The version of Elasticsearch that would run.
  package var version: String?
  package var service: String
  package var serviceState: String
  /// Members that are nil because nobody could look; named as in JSON.
  package var unknown: [String] = []

  package init(_ spec: VolumeSpec, _ facts: Facts) {
    name = spec.name
    dataPath = spec.data
    service = spec.service
    serviceState = facts.elasticsearch.service.word
    version = facts.elasticsearch.version?.description
    isOpen = facts.mapping.mapping != nil
    if case .encrypted(_, _, let inside) = facts.mapping { filesystem = inside?.uuid }
    let recorded = facts.configuration.volume(named: spec.name)
    uuid = facts.mapping.mapping?.uuid ?? recorded?.uuid
    if [.volume, .readOnlyVolume].contains(facts.mountPoint) { mount = spec.mount }
    let holders = facts.disks.filter { $0.luksUUID != nil && $0.luksUUID == uuid }
    // A copy has the same UUID.
    let own = holders.first { disk in recorded?.device.map(disk.disk.answers(to:)) ?? false }
    if let disk = own ?? holders.first {
      device = disk.disk.path
      serial = disk.disk.serial
      model = disk.disk.model
      bytes = disk.disk.bytes
      if case .header(let header) = disk.header {
        cipher = header.cipher
        keyBits = header.keyBits
        sectorSize = header.sectorSize
      }
    }
    if case .present(let state) = facts.directories?.nodeState { nodeID = state.nodeID }
    heapBytes = facts.elasticsearch.jvm.options.heap.maximum
    heapOption = facts.elasticsearch.heapShare?.text
  }
}

extension VolumeStatus {
  /// The same after steps were done: from what was seen before, and from what can be seen now without
  /// reading a disk.
  package init(after considered: Consideration) {
    self.init(considered.spec, considered.facts)
    guard let now = try? ChainSurvey(considered.spec).gate() else { return }
    isOpen = now.mapping != nil
    if device == nil {
      (device, serial) = (now.disk?.path, now.disk?.serial)
      (model, bytes) = (now.disk?.model, now.disk?.bytes)
    }
    mount = now.mounts.mount.flatMap { $0.number == now.mapping?.disk.number ? $0.target : nil }
    if !isOpen { filesystem = nil }
    if mount == nil { nodeID = nil }
  }

  /// The same from what a look at the chain has shown.
  package init(_ spec: VolumeSpec, _ facts: ChainFacts) {
    name = spec.name
    dataPath = spec.data
    service = spec.service
    serviceState = facts.service.word
    version = facts.version?.description
    uuid = spec.uuid
    isOpen = facts.isOpen(spec)
    if facts.isMounted(spec) { mount = spec.mount }
    device = facts.disk?.path
    serial = facts.disk?.serial
    model = facts.disk?.model
    bytes = facts.disk?.bytes
    cipher = facts.header.value?.cipher
    keyBits = facts.header.value?.keyBits
    sectorSize = facts.header.value?.sectorSize
    filesystem = facts.inside.value?.uuid
    nodeID = facts.nodeState.value?.nodeID
    heapBytes = facts.heap.value
    heapOption = facts.heapShare?.text
    if facts.header.isUnknown { unknown += ["cipher", "keyBits", "sectorSize"] }
    if facts.inside.isUnknown { unknown.append("filesystem") }
    if facts.nodeState.isUnknown { unknown.append("nodeID") }
    if facts.heap.isUnknown { unknown.append("heapBytes") }
  }
}

extension ChainFacts {
  /// Whether the mapping is the volume's own.
  package func isOpen(_ spec: VolumeSpec) -> Bool {
    guard case .mapping(_, let uuid)? = mapping?.disk.kind else { return false }
    return spec.uuid != nil && Mapping.luksUUID(in: uuid) == spec.uuid
  }

  /// Whether it is mounted where it belongs.
  package func isMounted(_ spec: VolumeSpec) -> Bool {
    guard isOpen(spec), let mount = mounts.mount else { return false }
    return mount.number == mapping?.disk.number && mount.root == "/"
  }
}

extension ServiceFacts {
  /// One word for it.
  package var word: String {
    switch self {
    case .unknown: "unknown"
    case .missing: "missing"
    case .stopped: "stopped"
    case .running: "running"
    }
  }
}
