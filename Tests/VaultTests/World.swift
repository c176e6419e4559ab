import BlockDevices
import LUKS

@testable import Vault

/// Specs and facts of all kinds, the same ones in every run.
struct World {
  private static let recorded = Configuration.reading(Sample.recorded)
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> (VolumeSpec, Facts) {
    var facts = Facts.healthy
    facts.target = disk(1)
    if chance(4) { facts.disks.append(disk(2)) }
    facts.intent = pick([
      nil, .esvol(), .esvol(), .esvol(), .esvol(serial: "vol2"), .esvol(bytes: 1 << 30),
      .esvol(serial: nil),
    ])
    facts.key = pick([.absent, .usable, .usable, .usable, .unstored])
    if chance(5) { facts.configuration = Self.recorded }
    facts.mapping = mapping()
    facts.mountPoint = pick([
      .absent, .directory(isEmpty: true, isImmutable: true),
      .directory(isEmpty: true, isImmutable: false), .volume,
    ])
    facts.elasticsearch.service = pick([.stopped, .stopped, .stopped, .stopped, .running])
    if chance(3) {
      facts.elasticsearch.settings = .dataPath("/mnt/es/elasticsearch")
    } else if chance(20) {
      facts.elasticsearch.presentData = .present(Sample.nodeState)
    }
    return (spec(facts), facts)
  }

  private mutating func spec(_ facts: Facts) -> VolumeSpec {
    var spec = VolumeSpec.generating
    spec.uuid = facts.configuration.volume(named: "esvol")?.uuid
    spec.device = pick(["/dev/nvme1n1", "vol1", nil])
    spec.wipe = pick([nil, nil, nil, "vol1", "vol1", "vol2"])
    if chance(30) { spec.name = "second" }
    return spec
  }

  private mutating func disk(_ number: Int) -> DiskFacts {
    var disk = DiskFacts(
      disk: .nvme(number),
      contents: pick([
        .blank, .blank, .unknown("data at byte 0"),
        .holds(Signature(type: "xfs", usage: .filesystem)),
        .holds(Signature(type: "crypto_LUKS", usage: .crypto)),
      ]))
    disk.behindHeader = pick([nil, .blank, .blank, .unknown("data")])
    if disk.contents != .blank {
      disk.header = pick([
        .none, .unreadable("no copy is usable"), .header(header()), .header(header()),
      ])
    }
    if chance(20) { disk.disk.partitions = ["nvme\(number)n1p1"] }
    if chance(20) { disk.disk.serial = nil }
    if chance(20) { disk.disk.isReadOnly = true }
    if chance(20) { disk.disk.bytes = 1 << 20 }
    if chance(10) { disk.uses = [pick([.mounted("/srv"), .held("md0"), .swap, .root, .claimed])] }
    return disk
  }

  private mutating func header() -> Header {
    var header = Header.ours(
      pick([Sample.earlier, Sample.earlier, Sample.fresh]),
      name: pick(["esvol", "esvol", "esvol", "other"]),
      tokens: pick([[], [], [], [.esvol(.formatted)], [.esvol(.formatted)], [.esvol(.ready)]]))
    if chance(3) { header.keyslots = [] }
    if chance(6) { header.subsystem = "" }
    if chance(8) { header.cipher = "cipher_null-ecb" }
    return header
  }

  private mutating func mapping() -> MappingFacts {
    guard chance(3) else { return .none }
    let uuid = pick([Sample.earlier.luks, Sample.earlier.luks, Sample.fresh.luks])
    return .encrypted(
      .esvol(uuid: uuid), above: pick([["nvme1n1"], ["nvme1n1"], ["nvme2n1"]]),
      inside: pick([nil, .ext4(), .ext4(Sample.fresh.filesystem)]))
  }

  /// Once in so many times.
  private mutating func chance(_ times: UInt64) -> Bool { random() % times == 0 }

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int(random() % UInt64(values.count))]
  }

  /// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators").
  private mutating func random() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
