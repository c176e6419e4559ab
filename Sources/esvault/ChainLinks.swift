import BlockDevices
import Elasticsearch
import LUKS
import Vault

/// One line of a volume's tree, or several.
struct ChainLink {
  struct Value {
    var text: String
    /// Not known, or not there.
    var isFaint = false
  }

  var label: String
  var values: [Value]

  init(_ label: String, _ values: Value?...) {
    self.label = label
    self.values = values.compactMap(\.self)
  }
}

/// The links of a volume's chain in words, from Elasticsearch down to the disk.
struct ChainLinks {
  private let spec: VolumeSpec
  private let facts: ChainFacts

  init(_ report: ChainReport) {
    spec = report.spec
    facts = report.facts
  }

  var all: [ChainLink] { [elasticsearch, dataPath, mount, filesystem, mapping, header, disk] }

  private var elasticsearch: ChainLink {
    ChainLink(
      "Elasticsearch", .init(text: "\(spec.service), \(facts.service.word)"),
      facts.version.map { .init(text: "version \($0)" + disagreement(with: $0)) },
      told(facts.heap, absent: heapWithoutSize) { "heap \(readable(bytes: $0))" })
  }

  private var heapWithoutSize: String {
    facts.heapShare.map { "heap by '\($0.text)' in '\($0.place)'" } ?? "no heap in its options"
  }

  private func disagreement(with version: ElasticsearchVersion) -> String {
    guard let other = facts.packageVersion, other != version else { return "" }
    return ", and \(other) in the package database"
  }

  private var dataPath: ChainLink {
    let node =
      facts.isMounted(spec)
      ? told(facts.nodeState, absent: "no node yet") { state in
        "node \(state.nodeID)"
          + (state.nodeVersion.map {
            ", \($0.product == .elasticsearch ? "version \($0)" : $0.title)"
          } ?? "")
      } : nil
    return ChainLink("path.data", .init(text: spec.data), node)
  }

  private var mount: ChainLink {
    guard facts.isMounted(spec), let mount = facts.mounts.mount else {
      return ChainLink("mount", .init(text: "not mounted at \(spec.mount)", isFaint: true))
    }
    let options = Set(mount.options + mount.superOptions)
    let access = options.contains("ro") ? "read-only" : "read-write"
    return ChainLink("mount", .init(text: "\(spec.mount), \(access)"))
  }

  private var filesystem: ChainLink {
    guard facts.isOpen(spec) else { return ChainLink("ext4", Self.closed) }
    return ChainLink("ext4", told(facts.inside, absent: "none") { $0.uuid ?? "without a UUID" })
  }

  private var mapping: ChainLink {
    guard facts.isOpen(spec) else {
      return ChainLink("mapping", .init(text: "not open", isFaint: true))
    }
    return ChainLink(
      "mapping", .init(text: "/dev/mapper/\(spec.name)"),
      told(facts.encryption, absent: "does not encrypt") {
        "\($0.cipher), \($0.keyBits) bits, \($0.sectorSize)-byte sectors"
      })
  }

  private var header: ChainLink {
    ChainLink(
      "LUKS2", .init(text: spec.uuid ?? "not made yet", isFaint: spec.uuid == nil),
      told(facts.header, absent: nil) { header in
        "\(header.cipher), \(header.keyBits) bits, \(header.keyslots.count) "
          + (header.keyslots.count == 1 ? "keyslot" : "keyslots")
      })
  }

  private var disk: ChainLink {
    guard let disk = facts.disk else {
      let name = spec.device.map { "'\($0)' is not there" } ?? "not known"
      return ChainLink("disk", .init(text: name, isFaint: true))
    }
    return ChainLink(
      "disk", .init(text: "\(disk.path), \(readable(bytes: disk.bytes))"),
      .init(text: disk.serial ?? "without a serial"), disk.model.map { .init(text: $0) })
  }

  private static let closed = ChainLink.Value(text: "unknown while it is closed", isFaint: true)

  private func told<Value>(
    _ sight: Sight<Value>, absent: String?, _ words: (Value) -> String
  ) -> ChainLink.Value? {
    switch sight {
    case .seen(let value): .init(text: words(value))
    case .nothing: absent.map { .init(text: $0, isFaint: true) }
    case .needsRoot: .init(text: "unknown: needs root", isFaint: true)
    case .failed: .init(text: "unknown: could not look", isFaint: true)
    }
  }
}
