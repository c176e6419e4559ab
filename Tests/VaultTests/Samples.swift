import BlockDevices
import Elasticsearch
import LUKS
import Testing

@testable import Vault

/// What the machine of these tests is made of: every test changes the one thing that it is about.
enum Sample {
  static let fresh = Identifiers(
    luks: "3f0c5a52-7d0e-4f0e-9c1b-0d6f2a9b1c11",
    filesystem: "9d3b1c52-1f0e-4a0e-8c1b-0d6f2a9b1c22")
  /// What an earlier run had chosen.
  static let earlier = Identifiers(
    luks: "11111111-7d0e-4f0e-9c1b-0d6f2a9b1c11",
    filesystem: "22222222-1f0e-4a0e-8c1b-0d6f2a9b1c22")
  static let key = "/etc/esvault/keys/esvol.key"
  static let gibibyte: UInt64 = 1 << 30
  static let nodeState = NodeState(
    nodeID: "_cRiw287SRyE7ChkYnWIww", file: "/mnt/es/elasticsearch/nodes/0/_state/node-1.st",
    generation: 1)
  static let recorded = """
    version: 1
    volumes:
      - name: esvol
        device: vol1
        uuid: 11111111-7d0e-4f0e-9c1b-0d6f2a9b1c11
        mount: /mnt/es
        data: /mnt/es/elasticsearch
        node: _cRiw287SRyE7ChkYnWIww
        key: {file: /etc/esvault/keys/esvol.key}
        elasticsearch: {config: /etc/elasticsearch, service: elasticsearch.service, heap: auto}

    """
}

extension Sample {
  /// As esvault recorded it before it recorded nodes.
  static let recordedWithoutNode = recorded.replacing(
    "    node: _cRiw287SRyE7ChkYnWIww\n", with: "")
}

extension Disk {
  /// `/dev/nvme<number>n1`, 64 GiB, with the serial `vol<number>`.
  static func nvme(_ number: Int) -> Disk {
    Disk(
      name: "nvme\(number)n1", path: "/dev/nvme\(number)n1",
      number: DeviceNumber(major: 259, minor: UInt32(number)), bytes: 64 * Sample.gibibyte,
      model: "Amazon Elastic Block Store", serial: "vol\(number)",
      links: ["nvme-Amazon_Elastic_Block_Store_vol\(number)"])
  }
}

extension DiskFacts {
  static func blank(_ number: Int) -> DiskFacts {
    DiskFacts(disk: .nvme(number), contents: .blank)
  }

  static func holding(_ type: String, _ number: Int = 1) -> DiskFacts {
    DiskFacts(
      disk: .nvme(number), contents: .holds(Signature(type: type, usage: .filesystem)))
  }

  /// One that hangs.
  static func silent(_ number: Int) -> DiskFacts {
    var disk = DiskFacts(disk: .nvme(number), contents: .unknown("it did not answer within 10 s"))
    disk.isSilent = true
    return disk
  }

  static func carrying(_ header: Header, _ number: Int = 1) -> DiskFacts {
    DiskFacts(
      disk: .nvme(number),
      contents: .holds(Signature(type: "crypto_LUKS", usage: .crypto, uuid: header.uuid)),
      header: .header(header))
  }

  /// What `crypt_format` leaves when it is killed: noise, and nothing behind it.
  static func noise(_ number: Int = 1) -> DiskFacts {
    DiskFacts(
      disk: .nvme(number), contents: .unknown("data without a known signature at byte 0"),
      behindHeader: .blank)
  }

  /// The machine's own disk.
  static var system: DiskFacts {
    DiskFacts(
      disk: Disk(
        name: "vda", path: "/dev/vda", number: DeviceNumber(major: 254, minor: 0),
        bytes: 20 * Sample.gibibyte),
      contents: .holds(Signature(type: "ext4", usage: .filesystem)), uses: [.root])
  }
}

extension Header {
  /// A header as esvault writes it, with a keyslot.
  static func ours(
    _ identifiers: Identifiers = Sample.earlier, name: String = "esvol", tokens: [VolumeToken] = []
  ) -> Header {
    Header(
      version: 2, uuid: identifiers.luks, label: "esvault:\(name)", subsystem: "esvault",
      cipher: "aes-xts-plain64", keyBits: 512, sectorSize: 4096, dataOffset: 16 << 20,
      keyslots: [Keyslot(id: 0, kdf: "pbkdf2", hash: "sha512", iterations: 1000, memoryKiB: nil)],
      tokens: tokens.enumerated().map {
        Token(id: $0.offset, type: VolumeToken.type, json: $0.element.json())
      })
  }

  func with(_ change: (inout Header) -> Void) -> Header {
    var header = self
    change(&header)
    return header
  }
}

extension VolumeToken {
  static func esvol(_ phase: Phase, _ identifiers: Identifiers = Sample.earlier) -> VolumeToken {
    VolumeToken(
      name: "esvol", serial: "vol1", mount: "/mnt/es", data: "/mnt/es/elasticsearch",
      filesystem: identifiers.filesystem, phase: phase)
  }

  func with(_ change: (inout VolumeToken) -> Void) -> VolumeToken {
    var token = self
    change(&token)
    return token
  }
}

extension Intent {
  static func esvol(serial: String? = "vol1", bytes: UInt64 = 64 * Sample.gibibyte) -> Intent {
    Intent(name: "esvol", serial: serial, bytes: bytes, identifiers: Sample.earlier, time: 1)
  }
}

extension Mapping {
  static func esvol(uuid: String = Sample.earlier.luks) -> Mapping {
    Mapping(
      name: "esvol", device: "/dev/nvme1n1", uuid: uuid, cipher: "aes-xts-plain64", keyBits: 512,
      sectorSize: 4096, dataOffset: 16 << 20)
  }
}

extension Signature {
  static func ext4(_ uuid: String = Sample.earlier.filesystem) -> Signature {
    Signature(type: "ext4", usage: .filesystem, uuid: uuid)
  }
}

extension Configuration {
  static func reading(_ text: String) -> Configuration {
    do { return try parse(Array(text.utf8)) } catch { fatalError("the sample: \(error)") }
  }
}

extension JVMFacts {
  /// Elasticsearch 7.0.0 with such a `jvm.options`.
  static func saying(_ text: String) -> JVMFacts {
    JVMFacts(
      options: JVMConfiguration(files: [
        .init(path: "/etc/elasticsearch/jvm.options", .parse(Array(text.utf8)))
      ]))
  }

  /// A later version, with such files in `jvm.options.d`.
  static func folder(_ files: (name: String, text: String)...) -> JVMFacts {
    var facts = saying("")
    facts.readsFolder = true
    for (name, text) in files {
      facts.options.files.append(
        .init(path: "/etc/elasticsearch/jvm.options.d/\(name)", .parse(Array(text.utf8))))
    }
    return facts
  }

  /// As provisioning leaves it on a machine of 8 GiB.
  static let finished = saying(finishedText)
  static let finishedText =
    """
    -Xms4g
    -Xmx4g
    -XX:HeapDumpPath=/mnt/es/diagnostics
    -XX:ErrorFile=/mnt/es/diagnostics/hs_err_pid%p.log
    -XX:ReplayDataFile=/mnt/es/diagnostics/replay_pid%p.log

    """
}

extension JVMSetting {
  /// What provisioning sets by default on a machine of 8 GiB.
  static func esvol(ownFile: Bool = false) -> JVMSetting {
    JVMSetting(
      configuration: "/etc/elasticsearch",
      wishes: JVMWishes(heap: 4 << 30, diagnostics: "/mnt/es/diagnostics"), ownFile: ownFile)
  }
}

extension BootUnits {
  /// Of the finished machine.
  static let esvol = BootUnits(
    name: "esvol", mount: "/mnt/es", service: "elasticsearch.service",
    diskLink: "nvme-Amazon_Elastic_Block_Store_vol1", program: "/usr/local/sbin/esvault")
}

extension Facts {
  /// A blank NVMe disk that was named, Elasticsearch 7.0.0 installed and stopped, root, device-mapper.
  static var healthy: Facts {
    var facts = Facts(
      isRoot: true, hasDeviceMapper: true, memory: 8 * Sample.gibibyte,
      disks: [.system, .blank(1)], named: .disk("nvme1n1"), mapping: .none, mountPoint: .absent,
      key: .absent,
      elasticsearch: ElasticsearchFacts(
        configuration: "/etc/elasticsearch", settings: .dataPath("/var/lib/elasticsearch"),
        version: ElasticsearchVersion(7, 0, 0),
        user: .user(name: "elasticsearch", id: 111, group: 112), service: .stopped,
        presentData: .none, jvm: .saying("-Xms1g\n-Xmx1g\n")),
      fresh: Sample.fresh)
    facts.elasticsearch.isEnabled = false
    facts.units.program = "/usr/local/sbin/esvault"
    return facts
  }

  /// The same machine with something else on its disk.
  static func with(_ disk: DiskFacts) -> Facts {
    var facts = healthy
    facts.disks[1] = disk
    return facts
  }

  /// A machine on which an earlier run got as far as the header and its token.
  static func with(_ header: Header) -> Facts {
    var facts = with(.carrying(header))
    facts.intent = .esvol()
    facts.key = .usable
    return facts
  }

  /// A machine on which everything is done.
  static var finished: Facts {
    var facts = with(.carrying(.ours(tokens: [.esvol(.ready)])))
    facts.named = nil
    facts.key = .usable
    facts.mapping = .encrypted(.esvol(), above: ["nvme1n1"], inside: .ext4())
    facts.mountPoint = .volume
    let ownership = Ownership(user: 111, group: 112, mode: 0o750)
    facts.directories = DirectoryFacts(
      rootMode: 0o711, data: ownership, nodeState: .present(Sample.nodeState))
    facts.directories?.others["/mnt/es/diagnostics"] = ownership
    facts.configuration = .reading(Sample.recorded)
    facts.elasticsearch.settings = .dataPath("/mnt/es/elasticsearch")
    facts.elasticsearch.service = .running
    facts.elasticsearch.jvm = .finished
    facts.elasticsearch.isEnabled = true
    facts.units.isEnabled = true
    for file in BootUnits.esvol.files { facts.units.files[file.path] = .text(file.text) }
    return facts
  }

  func with(_ change: (inout Facts) -> Void) -> Facts {
    var facts = self
    change(&facts)
    return facts
  }

  /// The disk that the tests are about.
  var target: DiskFacts {
    get { disks[1] }
    set { disks[1] = newValue }
  }
}

extension VolumeSpec {
  /// `esvault provision /dev/nvme1n1 --generate-key`
  static var generating: VolumeSpec {
    var spec = VolumeSpec(key: .generated(Sample.key, isRandom: false))
    spec.device = "/dev/nvme1n1"
    return spec
  }

  /// `esvault provision /dev/nvme1n1 --generate-key --wipe /dev/nvme1n1`
  static var wiping: VolumeSpec { generating.with { $0.wipe = "vol1" } }

  /// `esvault provision` with the configuration of a finished machine.
  static var recorded: VolumeSpec {
    var spec = VolumeSpec(key: .file(Sample.key, isRandom: false))
    spec.device = "vol1"
    spec.uuid = Sample.earlier.luks
    return spec
  }

  func with(_ change: (inout VolumeSpec) -> Void) -> VolumeSpec {
    var spec = self
    change(&spec)
    return spec
  }
}
