import BlockDevices
import Elasticsearch
import Glibc
import LUKS

/// Looks at one volume: its chain, what opens it again, and how Elasticsearch uses it.
struct VolumeSurvey {
  let spec: VolumeSpec
  let configurationPath: String
  /// Where the volumes of the configuration are mounted.
  let mounts: [String]
  private let devices = BlockDevices()
  /// How long a filesystem may take to say something about a file. One on a dead disk or server never
  /// does.
  private static let limit = Duration.seconds(10)

  init(_ spec: VolumeSpec, configurationPath: String, mounts: [String]) {
    self.spec = spec
    self.configurationPath = configurationPath
    self.mounts = mounts
  }

  func volume() async throws -> AuditedVolume {
    let shown = await SystemdUnit.look(at: UnitsSurvey.units(of: spec))
    let (chain, elasticsearch) =
      try await ChainSurvey(spec, devices: devices, mounts: mounts).whole(of: shown[0])
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
    let program = facts.unlock.last("ExecStart").flatMap { saying in
      UnitWords.split(saying.text).first.map { $0.replacing("%%", with: "%") }
    }
    facts.units = UnitsSurvey(spec: spec, program: program ?? UnitsSurvey.ownProgram()).facts(shown)
    facts.hasProgram = program.map { access($0, X_OK) == 0 } ?? false
    let table = try MountTable.current()
    facts.guarding = bounded("the directory '\(spec.mount)'") {
      MountPointGuard(mount: spec.mount, table: table).look()
    }
    facts.key = spec.key.recorded.map { key(of: $0, chain) }
    return facts
  }

  private func key(of key: RecordedKey, _ chain: ChainFacts) -> StoredKeyFacts {
    let survey = StoredKeySurvey(devices: devices, volume: chain.mapping?.disk.number)
    do { return try Watchdog.run(limit: Self.limit) { survey.facts(of: key) } } catch {
      return StoredKeyFacts(
        name: key.source.name, advice: key.source.advice,
        file: .failed(Self.silence(of: "the \(key.source.name)")))
    }
  }

  private func use(_ unit: SystemdUnit, _ chain: ChainFacts) -> NodeUseFacts {
    var facts = NodeUseFacts()
    guard let mapping = chain.mapping, chain.isMounted(spec) else { return facts }
    let isReadable = !mapping.isSuspended && chain.disk != nil
    guard isReadable else {
      facts.directories = .failed("its disk cannot be read")
      return facts
    }
    facts.directories = bounded("'\(spec.mount)'") { directories() }
    if let file = chain.nodeState.value?.file {
      var status = stat()
      if stat(file, &status) == 0 { facts.stateDevice = DeviceNumber(status.st_dev) }
    }
    if let processes = unit.processes, !processes.isEmpty {
      facts.openFiles = OpenDataSurvey(data: spec.data, volume: mapping.disk.number)
        .files(of: processes)
    }
    return facts
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

  /// Looks at something that may not answer.
  private func bounded<Value>(
    _ what: String, _ look: @escaping () -> Sight<Value>
  ) -> Sight<Value> {
    do { return try Watchdog.run(limit: Self.limit, look) } catch {
      return .failed(Self.silence(of: what))
    }
  }

  private static func silence(of what: String) -> String {
    "\(what) did not answer within \(limit.components.seconds) s"
  }
}

/// Tries the stored keys of volumes.
struct KeyTrials {
  /// The longest that a derivation may take: a header may ask for years.
  private static let limit = Duration.seconds(60)
  /// Whether one goes on in the background: libcryptsetup serves one thread at a time.
  private var hasStuck = false

  /// The keyslot that a volume's key fits; nil where its key is stored nowhere.
  mutating func keyslot(of volume: AuditedVolume) -> Sight<Int>? {
    guard let key = volume.spec.key.recorded else { return nil }
    guard let disk = volume.chain.disk, let header = volume.chain.header.value else {
      return .failed("the header of volume '\(volume.spec.name)' could not be read")
    }
    guard !hasStuck else { return .failed("the key before has not been tried to its end") }
    let needed = UInt64(header.keyslots.compactMap(\.memoryKiB).max() ?? 0) << 10
    let free = LinuxHost.availableMemory()
    guard needed <= free else {
      return .failed(
        "trying the key takes \(needed >> 20) MiB of memory, and \(free >> 20) MiB are free")
    }
    let path = disk.path
    do {
      return .seen(
        try Watchdog.run(limit: Self.limit) {
          try key.source.withKey { try Header.keyslot(for: $0, on: path) }
        })
    } catch LUKSError.wrongKey {
      return .nothing
    } catch let late as Watchdog.TimedOut {
      hasStuck = true
      return .failed("trying the key took more than \(late.limit.components.seconds) s")
    } catch {
      return geteuid() == 0 ? .failed("\(error)") : .needsRoot
    }
  }
}
