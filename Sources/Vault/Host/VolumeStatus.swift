import BlockDevices
import Elasticsearch
import LUKS

/// One volume as reports show it: from the disk up to the node.
package struct VolumeStatus: Equatable, Sendable {
  package var name: String
  /// The disk's path at this moment.
  package var device: String?
  package var serial: String?
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

  package init(_ spec: VolumeSpec, _ facts: Facts) {
    name = spec.name
    dataPath = spec.data
    isOpen = false
    if case .encrypted(let mapping, _, let inside) = facts.mapping {
      isOpen = true
      uuid = mapping.uuid
      filesystem = inside?.uuid
    }
    uuid = uuid ?? facts.configuration.volume(named: spec.name)?.uuid
    if [.volume, .readOnlyVolume].contains(facts.mountPoint) { mount = spec.mount }
    if let disk = facts.disks.first(where: { $0.luksUUID != nil && $0.luksUUID == uuid }) {
      device = disk.disk.path
      serial = disk.disk.serial
      if case .header(let header) = disk.header {
        cipher = header.cipher
        keyBits = header.keyBits
        sectorSize = header.sectorSize
      }
    }
    if case .present(let state) = facts.directories?.nodeState { nodeID = state.nodeID }
    if case .written(_, let maximum) = facts.elasticsearch.heap { heapBytes = maximum }
  }
}
