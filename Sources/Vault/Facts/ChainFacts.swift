import BlockDevices
import Elasticsearch
import LUKS

/// What stands between Elasticsearch and the disk of one volume at this moment.
///
/// The first three are what the gate needs: they come from sysfs, the mount table and the kernel's
/// table of the mapping, and no disk is read for them.
package struct ChainFacts: Equatable, Sendable {
  /// The mapping that has the volume's name; nil when there is none.
  package var mapping: StackedDisk?
  /// How the kernel encrypts; `nothing` when the mapping does not encrypt at all.
  package var encryption: Sight<Mapping>
  package var mounts: MountFacts
  /// The disk beneath the mapping; while there is none, the disk that the record means.
  package var disk: Disk?
  package var header: Sight<Header>
  package var inside: Sight<Signature>
  package var nodeState: Sight<NodeState>
  /// The first symbolic link on the way from the mount point to the data.
  package var dataLink: String?
  /// `path.data` in Elasticsearch's settings.
  package var dataPath: Sight<String>
  /// Another `path.data` on the service's command line, which wins over the settings.
  package var overruling: ServiceDefinition.Saying?
  /// The directory from which the service reads its settings, if it is not the spec's.
  package var elsewhere: ServiceDefinition.Saying?
  /// Greatest size of the heap in bytes, as the options say.
  package var heap: Sight<UInt64>
  /// The option that makes it a share of the memory, where none gives a size.
  package var heapShare: JVMOption?
  package var service: ServiceFacts
  /// The version that would run, and what the package database says; nil where nothing tells it.
  package var version: ElasticsearchVersion?
  package var packageVersion: ElasticsearchVersion?

  package init(
    mapping: StackedDisk? = nil, encryption: Sight<Mapping> = .nothing,
    mounts: MountFacts = MountFacts(), disk: Disk? = nil, header: Sight<Header> = .nothing,
    inside: Sight<Signature> = .nothing, nodeState: Sight<NodeState> = .nothing,
    dataPath: Sight<String> = .nothing, heap: Sight<UInt64> = .nothing,
    service: ServiceFacts = .stopped
  ) {
    self.mapping = mapping
    self.encryption = encryption
    self.mounts = mounts
    self.disk = disk
    self.header = header
    self.inside = inside
    self.nodeState = nodeState
    self.dataPath = dataPath
    self.heap = heap
    self.service = service
  }
}

/// What a look has shown: "nothing there" and "could not look" are different answers.
package enum Sight<Value: Equatable & Sendable>: Equatable, Sendable {
  case seen(Value)
  case nothing
  /// Only root may look.
  case needsRoot
  /// Why nobody could.
  case failed(String)

  package var value: Value? {
    if case .seen(let value) = self { value } else { nil }
  }

  package var isUnknown: Bool {
    switch self {
    case .seen, .nothing: false
    case .needsRoot, .failed: true
    }
  }
}

/// What the mount table says about the places of a volume.
package struct MountFacts: Equatable, Sendable {
  /// What one finds at the mount point; nil while nothing is mounted there.
  package var mount: Mount?
  /// The mount that the data path lies on.
  package var data: Mount?
  /// The directory above the mount point on which something was mounted later, so that the mount
  /// point is out of reach.
  package var hidden: String?

  package init(mount: Mount? = nil, data: Mount? = nil, hidden: String? = nil) {
    self.mount = mount
    self.data = data
    self.hidden = hidden
  }

  /// Paths must be absolute and without links: they are compared as text, for looking them up on a
  /// dead disk could wait for ever.
  package init(_ table: MountTable, mount: String, data: String) {
    let visible = table.mount(containing: mount)
    if visible?.target == mount {
      self.mount = visible
    } else if table.mount(at: mount) != nil {
      hidden = visible?.target
    }
    self.data = table.mount(containing: data)
  }
}
