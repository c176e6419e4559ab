import Elasticsearch
import Glibc
import SystemPackage

/// Looks at Elasticsearch: its files, its unit, its user.
struct ElasticsearchSurvey {
  /// Where Debian's and RPM's packages put it.
  static let defaultHome = "/usr/share/elasticsearch"
  private let spec: VolumeSpec

  init(_ spec: VolumeSpec) {
    self.spec = spec
  }

  func facts() async throws -> ElasticsearchFacts {
    try facts(await SystemdUnit.look(at: spec.service))
  }

  /// - Parameter unit: what systemd says of the spec's service.
  func facts(_ unit: SystemdUnit) throws -> ElasticsearchFacts {
    let settings = settings()
    let version = ElasticsearchVersion(jarNames: Directories.names(in: unit.home + "/lib") ?? [])
    let definition = UnitEnvironment.definition(of: unit.files)
    let names = ServiceVariables(program: definition.command.first?.text)
    var facts = ElasticsearchFacts(
      configuration: spec.elasticsearchConfiguration, settings: settings, version: version,
      user: user(unit.user), service: unit.state, presentData: presentData(settings, unit.home),
      jvm: JVMSurvey(spec, definition, names).facts(version),
      elsewhere: elsewhere(definition.variable(names.configuration)?.text),
      usesData: unit.hasOpen(below: spec.data))
    facts.definition = definition
    facts.memoryLimit = unit.memoryLimit
    facts.logs = setting("path.logs")
    facts.jvm.running = unit.heap(ofNodeIn: spec.data)
    facts.isEnabled = unit.isEnabled
    return facts
  }

  /// The directory that the unit reads its configuration from, if it is another than the spec's.
  private func elsewhere(_ directory: String?) -> String? {
    guard let directory, directory.hasPrefix("/") else { return nil }
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

  /// A setting that the file has, and of which nothing depends.
  private func setting(_ name: String) -> String? {
    let bytes = try? AtomicFile(spec.elasticsearchConfiguration + "/elasticsearch.yml").bytes()
    return try? bytes.flatMap { try SettingsFile.parse($0).value(of: name)?.value }
  }

  /// A data path below our own mount is looked at with the volume's directories, not here.
  private func presentData(_ settings: SettingsFacts, _ home: String) -> NodeStateFacts {
    guard case .dataPath(let path) = settings, path != spec.data else { return .none }
    return NodeStateFacts(inDataPath: path ?? home + "/data")
  }

  private func user(_ name: String) -> UserFacts {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 16 << 10)
    guard getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else {
      return .missing(name: name)
    }
    return .user(name: name, id: entry.pw_uid, group: entry.pw_gid)
  }
}
