import Elasticsearch
import LUKS

/// What the operator asks for: one volume, and how Elasticsearch uses it.
package struct VolumeSpec: Equatable, Sendable {
  /// The volume's name: of the mapping `/dev/mapper/<name>` and, after `esvault:`, of the LUKS label.
  package var name = "esvol"
  /// A path, a by-id link, a serial or an EC2 volume id; nil leaves the choice to esvault.
  package var device: String?
  /// The LUKS UUID that an earlier run recorded.
  package var uuid: String?
  /// The id of the node that an earlier run recorded.
  package var node: String?
  /// Where the filesystem is mounted: absolute and normalised.
  package var mount = "/mnt/es"
  /// Elasticsearch's `path.data`: below `mount`.
  package var data = "/mnt/es/elasticsearch"
  package var key: KeySpec
  package var heap: HeapRequest = .automatic
  /// Whether logs and temporary files go onto the volume as well.
  package var confines = false
  /// Whether heap dumps, crash reports and core dumps are left alone.
  package var keepsDiagnostics = false
  /// The disk whose contents may be destroyed, named a second time; nil destroys nothing.
  package var wipe: String?
  /// Whether a wipe writes over every sector instead of discarding them.
  package var overwrite = false
  /// Elasticsearch's configuration directory.
  package var elasticsearchConfiguration = "/etc/elasticsearch"
  /// The systemd unit that runs Elasticsearch.
  package var service = "elasticsearch.service"
  /// Whether the service is started and its node state verified.
  package var startsService = true
  /// Whether the service is neither started nor enabled where the volume holds a node already: it was
  /// started before, and whoever has stopped it since means that.
  package var leavesNode = false
  /// How long to wait for the node state file, in seconds.
  package var timeout = 300
  package var policy = Policy()

  package init(key: KeySpec) {
    self.key = key
  }
}

extension VolumeSpec {
  /// The heap that the spec asks for, in bytes; nil leaves it alone.
  package func heap(memory: UInt64) throws(Refusal) -> UInt64? {
    do { return try heap.bytes(memory: memory) } catch {
      throw Refusal(
        error.description, advice: "Ask for another: --heap auto, --heap 15g or --heap 50%")
    }
  }
}

/// How a volume must be encrypted.
package struct Policy: Equatable, Sendable {
  /// As cryptsetup(8) writes it.
  package var cipher = "aes-xts-plain64"
  /// Size of the volume key in bits; XTS splits it in two.
  package var keyBits = 512

  package init() {}

  /// The policy that a header is written with.
  init(_ format: HeaderFormat) {
    cipher = "\(format.cipher)-\(format.mode)"
    keyBits = format.keyBits
  }
}

/// Where the key comes from.
package enum KeySpec: Equatable, Sendable {
  /// A file that is read whole, byte for byte.
  case file(String, isRandom: Bool)
  /// A file that esvault makes with 512 random bits, unless it exists already.
  case generated(String, isRandom: Bool)
  /// A credential of systemd, by its name.
  case credential(String, isRandom: Bool)
  /// Standard input or a prompt: stored nowhere.
  case unstored(isRandom: Bool)

  /// The key file, where there is one.
  package var path: String? {
    switch self {
    case .file(let path, _), .generated(let path, _): path
    case .credential, .unstored: nil
    }
  }

  /// How the configuration names it; nil for a key that is stored nowhere.
  package var recorded: RecordedKey? {
    switch self {
    case .file(let path, _), .generated(let path, _): .file(path)
    case .credential(let name, _): .credential(name)
    case .unstored: nil
    }
  }

  /// Whether the operator vouches that the key is random, so that it needs no slow derivation.
  package var isVouchedRandom: Bool {
    switch self {
    case .file(_, let isRandom), .generated(_, let isRandom), .credential(_, let isRandom),
      .unstored(let isRandom):
      isRandom
    }
  }
}
