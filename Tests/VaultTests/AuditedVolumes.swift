import BlockDevices
import Elasticsearch
import LUKS
import Testing

@testable import Vault

/// What an audit sees of a machine on which everything is in order.
extension AuditedVolume {
  static var finished: AuditedVolume {
    let facts = Facts.finished
    let spec = VolumeSpec.recorded.with { $0.node = Sample.nodeState.nodeID }
    var volume = AuditedVolume(
      spec: spec,
      chain: .whole.with {
        $0.header = .seen(.ours(tokens: [.esvol(.ready)]))
        $0.encryption = .seen(.kernelTable)
      })
    volume.elasticsearch = facts.elasticsearch
    volume.elasticsearch?.definition = .service.adding(UnitFile(BootUnits.esvol.gate))
    volume.boot.units = facts.units
    volume.boot.hasProgram = true
    volume.boot.unlock = ServiceDefinition(
      files: BootUnits.esvol.files.prefix(2).map(UnitFile.init))
    volume.boot.guarding = .seen(true)
    volume.boot.key = .file()
    volume.use.directories = .seen(facts.directories!)
    volume.use.stateDevice = volume.chain.mapping?.disk.number
    volume.use.openFiles = .seen(OpenDataFiles(onVolume: 12))
    return volume
  }

  func with(_ change: (inout AuditedVolume) -> Void) -> AuditedVolume {
    var volume = self
    change(&volume)
    return volume
  }

  /// The header, to be changed.
  var header: Header {
    get { chain.header.value! }
    set { chain.header = .seen(newValue) }
  }

  /// The file of the key, to be changed.
  var keyFile: KeyFileFacts {
    get { boot.key!.file.value! }
    set { boot.key!.file = .seen(newValue) }
  }
}

extension Check {
  /// What the check says of the finished volume after a change.
  func observation(
    memory: UInt64 = 8 * Sample.gibibyte, _ change: (inout AuditedVolume) -> Void = { _ in }
  ) -> Observation? {
    let volume = AuditedVolume.finished.with(change)
    let seen = judge(AuditFacts(memory: memory, volumes: [volume]))
    #expect(seen.count <= 1)
    return seen.first
  }

  /// That it fails or cannot tell, with these words, and says what to do.
  func expect(
    _ verdict: Verdict, _ words: String, memory: UInt64 = 8 * Sample.gibibyte,
    sourceLocation: SourceLocation = #_sourceLocation,
    after change: (inout AuditedVolume) -> Void
  ) {
    let seen = observation(memory: memory, change)
    #expect(seen?.verdict == verdict, "\(seen?.message ?? "")", sourceLocation: sourceLocation)
    #expect(
      seen?.message.contains(words) == true, "\(seen?.message ?? "")",
      sourceLocation: sourceLocation)
    #expect(
      verdict == .pass || seen?.advice?.isEmpty == false, sourceLocation: sourceLocation)
  }
}

extension Mapping {
  /// As the kernel tells it, with the disk's numbers.
  static var kernelTable: Mapping {
    var mapping = Mapping.esvol()
    mapping.device = "259:1"
    return mapping
  }
}

extension StoredKeyFacts {
  static func file(
    _ path: String = Sample.key, sealing: CredentialSealing? = nil,
    _ change: (inout KeyFileFacts) -> Void = { _ in }
  ) -> StoredKeyFacts {
    var file = KeyFileFacts(path: path, mode: 0o400, bytes: 64)
    file.place.isEncrypted = false
    change(&file)
    let key = KeyFile(path)
    return StoredKeyFacts(name: key.name, advice: key.advice, file: .seen(file), sealing: sealing)
  }
}

extension ServiceDefinition {
  /// Elasticsearch's own unit, as its package brings it.
  static let service = ServiceDefinition(files: [
    UnitFile(
      path: "/usr/lib/systemd/system/elasticsearch.service",
      text: "[Service]\nExecStart=/usr/share/elasticsearch/bin/elasticsearch\n")
  ])
}

extension UnitFile {
  init(_ file: UnitFiles.File) { self.init(path: file.path, text: file.text) }
}
