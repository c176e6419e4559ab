import Elasticsearch
import Glibc
import SystemPackage

/// Looks at Elasticsearch: its files, its unit, its user.
struct ElasticsearchSurvey {
  private let spec: VolumeSpec

  init(_ spec: VolumeSpec) {
    self.spec = spec
  }

  func facts() async throws -> ElasticsearchFacts {
    try await facts(SystemdUnit.look(at: spec.service))
  }

  /// - Parameter unit: what systemd says of the spec's service.
  func facts(_ unit: SystemdUnit) async throws -> ElasticsearchFacts {
    let settings = settings()
    let survey = VersionSurvey(home: unit.home, product: unit.product)
    let packaged = await survey.packaged()
    let version = survey.jar() ?? packaged
    var facts = ElasticsearchFacts(
      configuration: spec.elasticsearchConfiguration, settings: settings, version: version,
      user: user(unit), service: unit.state, presentData: presentData(settings, unit.home),
      heap: heap(version), elsewhere: elsewhere(unit.configuration),
      usesData: unit.hasOpen(below: spec.data))
    facts.isEnabled = unit.isEnabled
    facts.product = version?.product ?? unit.product
    facts.packageVersion = packaged
    return facts
  }

  /// The directory that the unit reads its configuration from, if it is another than the spec's.
  private func elsewhere(_ directory: String?) -> String? {
    guard let directory else { return nil }
    func file(_ path: String) -> [UInt64]? {
      var status = stat()
      return stat(path, &status) == 0 ? [UInt64(status.st_dev), UInt64(status.st_ino)] : nil
    }
    if let own = file(spec.elasticsearchConfiguration), own == file(directory) { return nil }
    return directory == spec.elasticsearchConfiguration ? nil : directory
  }

  func settings() -> SettingsFacts {
    let path = spec.elasticsearchConfiguration + "/elasticsearch.yml"
    do {
      guard let bytes = try AtomicFile(path).bytes() else { return .missing }
      return .dataPath(try SettingsFile.parse(bytes).value(of: "path.data")?.value)
    } catch {
      return .unusable("\(error)")
    }
  }

  /// A data path below our own mount is looked at with the volume's directories, not here.
  private func presentData(_ settings: SettingsFacts, _ home: String) -> NodeStateFacts {
    guard case .dataPath(let path) = settings, path != spec.data else { return .none }
    return NodeStateFacts(inDataPath: path ?? home + "/data")
  }

  private func user(_ unit: SystemdUnit) -> UserFacts {
    guard let user = Accounts.user(unit.user) else { return .missing(name: unit.user) }
    guard let name = unit.userGroup else {
      return .user(name: unit.user, id: user.id, group: user.group)
    }
    guard let group = Accounts.group(name) else { return .missingGroup(name: name) }
    return .user(name: unit.user, id: user.id, group: group)
  }

  private func heap(_ version: ElasticsearchVersion?) -> HeapFacts {
    let setting = HeapSetting(
      configuration: spec.elasticsearchConfiguration, bytes: 0,
      ownFile: version?.readsOptionsFolder ?? false)
    do {
      guard let bytes = try AtomicFile(setting.path).bytes() else {
        return .written(initial: nil, maximum: nil)
      }
      let options = JVMOptions.parse(bytes)
      if let line = options.invalidLines.first {
        return .unusable("Elasticsearch would not accept line \(line) of '\(setting.path)'")
      }
      let heap = options.heap(javaMajor: nil)
      return .written(
        initial: heap.initial.flatMap(Heap.bytes), maximum: heap.maximum.flatMap(Heap.bytes))
    } catch {
      return .unusable("\(error)")
    }
  }
}
