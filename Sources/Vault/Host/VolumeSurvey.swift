import BlockDevices
import Elasticsearch
import Glibc
import LUKS

/// Looks at one volume: its chain, what opens it again, and how Elasticsearch uses it.
struct VolumeSurvey {
  let spec: VolumeSpec
  let configurationPath: String
  /// Those of all volumes of the configuration.
  let specs: [VolumeSpec]
  private let devices = BlockDevices()

  init(_ spec: VolumeSpec, configurationPath: String, among specs: [VolumeSpec]) {
    self.spec = spec
    self.configurationPath = configurationPath
    self.specs = specs
  }

  func volume() async throws -> AuditedVolume {
    let shown = await SystemdUnit.look(at: UnitsSurvey.units(of: spec))
    let (chain, elasticsearch) =
      try await ChainSurvey(spec, devices: devices, mounts: specs.map(\.mount)).whole(of: shown[0])
    var volume = AuditedVolume(spec: spec, chain: chain)
    volume.elasticsearch = elasticsearch
    volume.boot = try boot(shown, chain)
    volume.use = use(shown[0], chain)
    return volume
  }

  private func boot(_ shown: [SystemdUnit], _ chain: ChainFacts) throws -> BootFacts {
    var facts = BootFacts()
    facts.configurationPath = configurationPath
    facts.unlock = shown[1].definition()
    if case .unknown(let why) = shown[1].state { facts.silence = why }
    // Of the unit's own file: a drop-in may name any other, and is found out for that.
    let own = ServiceDefinition(files: Array(facts.unlock.files.prefix(1)))
    let program = own.last("ExecStart").flatMap { saying in
      UnitWords.split(saying.text).first.map { $0.replacing("%%", with: "%") }
    }
    facts.units = UnitsSurvey(spec: spec, program: program ?? UnitsSurvey.ownProgram()).facts(shown)
    facts.hasProgram = program.map { access($0, X_OK) == 0 } ?? false
    let table = try MountTable.current()
    facts.guarding = .bounded(at: "the directory '\(spec.mount)'") {
      MountPointGuard(mount: spec.mount, table: table).look()
    }
    facts.key = spec.key.recorded.map { key(of: $0, chain) }
    return facts
  }

  private func key(of key: RecordedKey, _ chain: ChainFacts) -> StoredKeyFacts {
    let survey = StoredKeySurvey(devices: devices, volume: chain.mapping?.disk.number)
    do { return try BoundedLook.at("the \(key.source.name)") { survey.facts(of: key) } } catch {
      return StoredKeyFacts(
        name: key.source.name, advice: key.source.advice, file: .failed("\(error)"))
    }
  }

  private func use(_ unit: SystemdUnit, _ chain: ChainFacts) -> NodeUseFacts {
    var facts = NodeUseFacts()
    let processes = unit.processes ?? []
    facts.hasProcesses = !processes.isEmpty
    guard let mapping = chain.mapping, chain.isMounted(spec) else { return facts }
    let isReadable = !mapping.isSuspended && chain.disk != nil
    guard isReadable else {
      facts.directories = .failed("its disk cannot be read")
      return facts
    }
    facts.directories = .bounded(at: "'\(spec.mount)'") { directories() }
    if let file = chain.nodeState.value?.file {
      facts.stateDevice = try? BoundedLook.at(file) { Self.device(of: file) }
    }
    if !processes.isEmpty {
      let survey = OpenDataSurvey(
        data: spec.data, volume: mapping.disk.number, others: otherVolumes)
      facts.openFiles = .bounded(at: "a process of '\(spec.service)'") {
        survey.files(of: processes)
      }
    }
    return facts
  }

  private static func device(of file: String) -> DeviceNumber? {
    var status = stat()
    return stat(file, &status) == 0 ? DeviceNumber(status.st_dev) : nil
  }

  /// The data paths that the service has on other volumes.
  private var otherVolumes: [String: DeviceNumber] {
    var volumes: [String: DeviceNumber] = [:]
    for other in specs where other.service == spec.service && other.name != spec.name {
      guard let disk = devices.mapping(named: other.name)?.disk,
        case .mapping(_, let uuid) = disk.kind, other.uuid != nil,
        Mapping.luksUUID(in: uuid) == other.uuid
      else { continue }
      volumes[other.data] = disk.number
    }
    return volumes
  }

  private func directories() -> Sight<DirectoryFacts> {
    do {
      return .seen(
        try DirectoryFacts(mount: spec.mount, data: spec.data, others: spec.otherDirectories))
    } catch let error as FileError where error.errno == .permissionDenied {
      return .needsRoot
    } catch {
      return .failed("\(error)")
    }
  }
}
