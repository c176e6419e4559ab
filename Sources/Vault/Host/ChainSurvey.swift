import BlockDevices
import Elasticsearch
import Glibc
import LUKS

/// Looks at the chain of a volume, from Elasticsearch down to the disk, as far as the caller may.
package struct ChainSurvey {
  private let spec: VolumeSpec
  private let devices: BlockDevices
  private let mounts: [String]
  private let isRoot = geteuid() == 0
  /// Where the service's unit is looked for.
  var units = UnitSearch()

  /// - Parameter mounts: where the volumes of the configuration are mounted.
  package init(
    _ spec: VolumeSpec, devices: BlockDevices = BlockDevices(), mounts: [String] = []
  ) {
    self.spec = spec
    self.devices = devices
    self.mounts = mounts
  }

  /// What the gate needs. It reads no disk, starts no program and waits for nothing: it stands before
  /// every start of Elasticsearch, also on a machine whose disk is dead.
  package func gate() throws -> ChainFacts {
    var facts = ChainFacts(mapping: devices.mapping(named: spec.name))
    facts.encryption = encryption(facts.mapping)
    facts.mounts = MountFacts(try MountTable.current(), mount: spec.mount, data: spec.data)
    facts.disk = facts.isOpen(spec) ? facts.mapping?.beneath.first : recordedDisk()
    return facts
  }

  /// What the gate of Elasticsearch's own unit needs besides: a node with another `path.data` would
  /// write beside the volume.
  package func gateOfService() throws -> ChainFacts {
    var facts = try gate()
    // Elasticsearch's unit runs this, in the environment that it gives to Elasticsearch.
    let unit = UnitName.service(spec.service)
    let definition = UnitEnvironment.definition(
      of: units.files(of: unit), unit: unit, inherited: UnitEnvironment.own()
    )
    let program = ServiceProgram(definition.command.first?.text)
    let survey = ElasticsearchSurvey(spec)
    facts.dataPath = dataPath(
      survey.settings(by: VersionSurvey.jar(in: program.home)) { definition.variable($0)?.text })
    facts.overruling = overruling(definition)
    facts.elsewhere = survey.elsewhere(program.configuration(definition))
    return facts
  }

  private func overruling(_ definition: ServiceDefinition) -> ServiceDefinition.Saying? {
    definition.settings("path.data").first { $0.text != spec.data }
  }

  /// All of it: also what is on the disk, and what Elasticsearch and systemd say.
  package func whole() async throws -> ChainFacts {
    try await whole(of: await SystemdUnit.look(at: spec.service)).chain
  }

  /// The same for those who have asked systemd already, and with all that is known of Elasticsearch.
  func whole(
    of unit: SystemdUnit
  ) async throws -> (chain: ChainFacts, elasticsearch: ElasticsearchFacts) {
    var facts = try gate()
    if facts.disk == nil, facts.mapping == nil, spec.device == nil { facts.disk = diskWithUUID() }
    let silence = facts.disk.flatMap { devices.silence(of: $0) }
    facts.header = silence.map { .failed("\($0)") } ?? header(on: facts.disk)
    if facts.isOpen(spec) {
      // Reading a suspended mapping would never end, and without its disk there is nothing to read.
      let isReadable =
        facts.mapping?.isSuspended == false && facts.disk != nil && silence == nil
      facts.inside = onDisk(isReadable, inside)
      if facts.isMounted(spec), facts.mounts.data?.id == facts.mounts.mount?.id {
        facts.nodeState = onDisk(isReadable, nodeState)
        let link = onDisk(isReadable) { [spec] in
          SymbolicLink.first(below: spec.mount, to: spec.data).map(Sight.seen) ?? .nothing
        }
        facts.dataLink = link.value
        if case .failed(let why) = link { facts.nodeState = .failed(why) }
      }
    }
    let elasticsearch = try await ElasticsearchSurvey(spec).facts(
      unit, writer: facts.nodeState.value?.newestWriter, asksRPM: true, readsData: false)
    facts.service = elasticsearch.service
    facts.version = elasticsearch.version
    facts.packageVersion = elasticsearch.packageVersion
    facts.dataPath = dataPath(elasticsearch.settings)
    facts.overruling = overruling(elasticsearch.definition)
    facts.elsewhere = elasticsearch.elsewhere
    facts.heap = heap(elasticsearch.jvm)
    facts.heapShare = elasticsearch.heapShare
    return (facts, elasticsearch)
  }

  private func onDisk<Value>(
    _ isReadable: Bool, _ look: @escaping () -> Sight<Value>
  ) -> Sight<Value> {
    guard isReadable else { return .failed("its disk cannot be read") }
    return .bounded(at: "the volume '\(spec.name)'", look)
  }

  private func encryption(_ mapping: StackedDisk?) -> Sight<Mapping> {
    guard mapping != nil else { return .nothing }
    guard isRoot else { return .needsRoot }
    do { return try Mapping.active(spec.name).map(Sight.seen) ?? .nothing } catch {
      if case .notAnEncryptedMapping = error { return .nothing }
      return .failed("\(error)")
    }
  }

  private func recordedDisk() -> Disk? {
    guard let device = spec.device, let disks = try? devices.disks() else { return nil }
    return disks.first { $0.answers(to: device) }
  }

  /// For a disk without a serial there is only its header to know it by.
  private func diskWithUUID() -> Disk? {
    guard let uuid = spec.uuid, isRoot, let disks = try? devices.disks() else { return nil }
    return disks.first { disk in
      guard devices.silence(of: disk) == nil else { return false }
      return (try? Contents.signature(at: disk.path))??.uuid?.lowercased() == uuid
    }
  }

  private func header(on disk: Disk?) -> Sight<Header> {
    guard let disk else { return .nothing }
    guard isRoot else { return .needsRoot }
    return .bounded(at: "'\(disk.path)'") {
      do { return try Header.read(from: disk.path).map(Sight.seen) ?? .nothing } catch {
        return .failed("\(error)")
      }
    }
  }

  private func inside() -> Sight<Signature> {
    guard isRoot else { return .needsRoot }
    do {
      return try Contents.signature(at: "/dev/mapper/\(spec.name)").map(Sight.seen) ?? .nothing
    } catch { return .failed("\(error)") }
  }

  private func nodeState() -> Sight<NodeState> {
    switch NodeStateFacts(inDataPath: spec.data) {
    case .present(let state): .seen(state)
    case .none: access(spec.data, R_OK | X_OK) != 0 && errno == EACCES ? .needsRoot : .nothing
    case .damaged(let why): isRoot ? .failed(why) : .needsRoot
    }
  }

  private func dataPath(_ settings: SettingsFacts) -> Sight<String> {
    switch settings.seen(from: spec.data, mounts: mounts) {
    case .dataPath(let path): path.map(Sight.seen) ?? .nothing
    case .dataPaths(let paths): .seen(paths.joined(separator: ","))
    case .missing: .nothing
    case .unusable(let why, _): isRoot ? .failed(why) : .needsRoot
    }
  }

  private func heap(_ jvm: JVMFacts) -> Sight<UInt64> {
    if let problem = jvm.problem {
      return isRoot
        ? .failed("Elasticsearch would not start with its JVM options: \(problem)") : .needsRoot
    }
    return jvm.options.heap.maximum.map(Sight.seen) ?? .nothing
  }
}
