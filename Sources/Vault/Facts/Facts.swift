import BlockDevices
import LUKS

/// What the machine looks like now, as far as one volume is concerned.
///
/// Facts are plain values: a ``Host`` gathers them, ``Plan`` decides upon them, and a test writes them
/// down.
package struct Facts: Equatable, Sendable {
  package var isRoot: Bool
  /// Whether the kernel can map devices at all.
  package var hasDeviceMapper: Bool
  /// Memory of the machine in bytes.
  package var memory: UInt64
  /// Every whole disk, and the device that the spec names if it is none of them.
  package var disks: [DiskFacts]
  /// What the spec's device leads to, if it is a path.
  package var named: NamedDevice?
  /// Which other volumes of the configuration have a path for their disk, by the kernel's name of the
  /// disk that it leads to.
  package var claims: [String: String] = [:]
  /// What the spec's `wipe` leads to, if it is a path.
  package var wiped: NamedDevice?
  package var mapping: MappingFacts
  package var mountPoint: MountPointFacts
  /// Whether directories there can be made immutable; not every filesystem can.
  package var canGuard = true
  /// The directories of the mounted volume; nil while it is not mounted.
  package var directories: DirectoryFacts?
  package var key: KeyFacts
  /// Whether a key that is made now would be in memory, and gone after a reboot.
  package var isNewKeyInMemory = false
  /// The configuration as earlier runs and the operator left it.
  package var configuration: Configuration
  /// Where it is.
  package var configurationPath = Configuration.defaultPath
  /// What an interrupted run had begun.
  package var intent: Intent?
  package var elasticsearch: ElasticsearchFacts
  package var units = UnitsFacts()
  /// UUIDs for a volume that is yet to be made.
  package var fresh: Identifiers

  package init(
    isRoot: Bool, hasDeviceMapper: Bool, memory: UInt64, disks: [DiskFacts],
    named: NamedDevice? = nil, wiped: NamedDevice? = nil, mapping: MappingFacts,
    mountPoint: MountPointFacts, directories: DirectoryFacts? = nil, key: KeyFacts,
    configuration: Configuration = .empty, intent: Intent? = nil, elasticsearch: ElasticsearchFacts,
    fresh: Identifiers
  ) {
    self.isRoot = isRoot
    self.hasDeviceMapper = hasDeviceMapper
    self.memory = memory
    self.disks = disks
    self.named = named
    self.wiped = wiped
    self.mapping = mapping
    self.mountPoint = mountPoint
    self.directories = directories
    self.key = key
    self.configuration = configuration
    self.intent = intent
    self.elasticsearch = elasticsearch
    self.fresh = fresh
  }
}

extension Facts {
  /// What `elasticsearch.yml` says, as the spec's volume sees it.
  package func settings(for spec: VolumeSpec) -> SettingsFacts {
    elasticsearch.settings.seen(
      from: spec.data, mounts: configuration.volumes.compactMap(\.mount))
  }
}

/// What a path that the operator typed leads to.
package enum NamedDevice: Equatable, Sendable {
  /// The kernel name of a device that is among the facts' disks.
  case disk(String)
  case missing(String)
  case notABlockDevice(String)
  case partition(String, of: String)
  case unreadable(String, cause: String)
}

/// What stands at `/dev/mapper/<name>`.
package enum MappingFacts: Equatable, Sendable {
  case none
  /// An encrypted mapping, the kernel names of the devices beneath it, and what it holds.
  case encrypted(Mapping, above: Set<String>, inside: Signature?)
  /// An encrypted mapping that cannot be read, as after its disk was pulled out: why.
  case unreadable(Mapping, above: Set<String>, String)
  /// An opening that was cut off, of the volume with this LUKS UUID: the mapping has no table yet.
  case unfinished(uuid: String)
  /// A mapping of another kind, or one that could not be looked at.
  case other(String)
}

extension MappingFacts {
  /// Whether the name maps nothing.
  package var isClosed: Bool {
    switch self {
    case .none, .unfinished: true
    case .encrypted, .unreadable, .other: false
    }
  }

  /// The encrypted mapping, readable or not.
  package var mapping: Mapping? {
    switch self {
    case .encrypted(let mapping, _, _), .unreadable(let mapping, _, _): mapping
    case .none, .unfinished, .other: nil
    }
  }
}

/// What stands where the volume is to be mounted.
package enum MountPointFacts: Equatable, Sendable {
  case absent
  case directory(isEmpty: Bool, isImmutable: Bool)
  case notADirectory
  /// The volume's own mapping is mounted there.
  case volume
  /// The same, but nothing can be written: the kernel does that after an error of the disk.
  case readOnlyVolume
  /// The path leads through a symbolic link: the link, and what it leads to.
  case behindLink(String, to: String)
  /// Something else is mounted there.
  case occupied(by: String)
}

/// The root of the mounted volume and the data directory in it.
package struct DirectoryFacts: Equatable, Sendable {
  /// Mode of the filesystem's root, permission bits only.
  package var rootMode: UInt32
  /// nil: there is no data directory yet.
  package var data: Ownership?
  /// The first symbolic link on the way to the data directory; none of ours leads through one.
  package var link: String?
  /// The node state in the data directory, if one is there and decodes.
  package var nodeState: NodeStateFacts
  /// What else a spec asks for, by path; what is missing is not there.
  package var others: [String: Ownership] = [:]

  package init(rootMode: UInt32, data: Ownership?, nodeState: NodeStateFacts) {
    self.rootMode = rootMode
    self.data = data
    self.nodeState = nodeState
  }
}

/// Owner, group and permission bits of a directory.
package struct Ownership: Equatable, Sendable {
  package var user: UInt32
  package var group: UInt32
  package var mode: UInt32

  package init(user: UInt32, group: UInt32, mode: UInt32) {
    self.user = user
    self.group = group
    self.mode = mode
  }
}

/// What is known about the spec's key file.
package enum KeyFacts: Equatable, Sendable {
  /// The key is stored nowhere.
  case unstored
  case absent
  case usable
  /// Why it cannot be used: "it is a directory".
  case unusable(String)
}
