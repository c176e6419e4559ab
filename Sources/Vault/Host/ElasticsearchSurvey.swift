import Elasticsearch
import Glibc
import SystemPackage

/// Looks at Elasticsearch: its files, its unit, its user.
struct ElasticsearchSurvey {
  private let spec: VolumeSpec

  init(_ spec: VolumeSpec) {
    self.spec = spec
  }

  /// - Parameters:
  ///   - unit: what systemd says of the spec's service.
  ///   - writer: the version that has written the data on the volume; nil where none is known.
  ///   - asksRPM: whether there is time to compare versions; where no jar tells it, RPM is always asked.
  ///   - readsData: whether to look at the data path that the settings name: on a dead disk, that would
  ///     wait for ever.
  func facts(
    _ unit: SystemdUnit, writer: ElasticsearchVersion? = nil, asksRPM: Bool = false,
    readsData: Bool = true
  ) async throws -> ElasticsearchFacts {
    let survey = VersionSurvey(home: unit.program.home, product: unit.program.product)
    let jar = survey.jar()
    let packaged = await survey.packaged(asksRPM: asksRPM || jar == nil)
    let version = jar ?? packaged ?? writer
    let product = version?.product ?? unit.program.product
    let definition = unit.definition()
    let file = settingsFile()
    let settings = editableSettings(in: file, version, definition)
    var facts = ElasticsearchFacts(
      configuration: spec.elasticsearchConfiguration, settings: settings, version: version,
      user: user(unit), service: unit.state,
      presentData: readsData ? presentData(settings, unit.program.home) : .none,
      jvm: JVMSurvey(spec, definition, product, home: unit.program.home).facts(version),
      elsewhere: elsewhere(unit.program.configuration(definition)),
      usesData: unit.hasOpen(below: spec.data))
    facts.home = unit.program.home
    facts.definition = definition
    facts.memoryLimit = unit.memoryLimit
    // Nothing depends on it.
    facts.logs = try? file.get()?.value(of: "path.logs")?.value
    facts.jvm.running = unit.heap(ofNodeIn: spec.data)
    facts.hasFailed = unit.hasFailed
    facts.isEnabled = unit.isEnabled
    facts.product = product
    facts.packageVersion = packaged
    facts.isVersionOfData = jar == nil && packaged == nil && version != nil
    return facts
  }

  /// The directory that the unit reads its configuration from, if it is another than the spec's.
  func elsewhere(_ told: ServiceDefinition.Saying?) -> ServiceDefinition.Saying? {
    guard let told else { return nil }
    func file(_ path: String) -> [UInt64]? {
      var status = stat()
      return stat(path, &status) == 0 ? [UInt64(status.st_dev), UInt64(status.st_ino)] : nil
    }
    // A relative path is meant from where systemd starts the program, not from here.
    guard told.text.hasPrefix("/") else { return told }
    if let own = file(spec.elasticsearchConfiguration), own == file(told.text) { return nil }
    return told.text == spec.elasticsearchConfiguration ? nil : told
  }

  /// What Elasticsearch reads in its file.
  ///
  /// - Parameters:
  ///   - version: nil where nobody knows it.
  ///   - environment: the variables that the file may name.
  func settings(
    by version: ElasticsearchVersion?, environment: @escaping (String) -> String?
  ) -> SettingsFacts {
    settings(in: settingsFile(), version, environment: environment)
  }

  private func settings(
    in file: Result<SettingsFile?, any Error>, _ version: ElasticsearchVersion?,
    environment: @escaping (String) -> String?
  ) -> SettingsFacts {
    do {
      guard let file = try file.get() else { return .missing }
      let paths = try file.dataPaths(by: version, environment: environment)
      return paths.count > 1 ? .dataPaths(paths) : .dataPath(paths.first)
    } catch SettingsError.null(setting: "path.data", _) {
      return .dataPath(nil)
    } catch {
      return unusable(error)
    }
  }

  /// The same; and the edit is tried, so that a file which cannot be edited is found out before a disk
  /// is written.
  private func editableSettings(
    in file: Result<SettingsFile?, any Error>, _ version: ElasticsearchVersion?,
    _ definition: ServiceDefinition
  ) -> SettingsFacts {
    let environment = { definition.variable($0)?.text }
    let settings = settings(in: file, version, environment: environment)
    guard case .dataPath(let present) = settings else { return settings }
    let change = SettingsChange(
      data: present == spec.data ? nil : spec.data, logs: spec.confines ? spec.places.logs : nil)
    do {
      guard let file = try file.get() else { return settings }
      let edited = try SettingsFile.parse(file.setting(change.settings))
      guard try edited.dataPaths(by: version, environment: environment) == [spec.data] else {
        throw SettingsError.notEditable(
          setting: "path.data", line: nil, problem: "a variable in the file would win over it")
      }
      return settings
    } catch {
      return unusable(error)
    }
  }

  /// Nil where there is none.
  func settingsFile() -> Result<SettingsFile?, any Error> {
    let file = AtomicFile(spec.elasticsearchConfiguration + "/elasticsearch.yml")
    return Result { try file.bytes().map { try SettingsFile.parse($0) } }
  }

  private func unusable(_ error: any Error) -> SettingsFacts {
    guard let error = error as? SettingsError else { return .unusable("\(error)") }
    return .unusable("\(error)", advice: error.advice)
  }

  /// A data path below our own mount is looked at with the volume's directories, not here.
  private func presentData(_ settings: SettingsFacts, _ home: String) -> NodeStateFacts {
    guard case .dataPath(let path) = settings, path != spec.data else { return .none }
    return NodeStateFacts(inDataPath: AbsolutePath.resolved(path ?? "data", from: home))
  }

  private func user(_ unit: SystemdUnit) -> UserFacts {
    guard let user = Accounts.user(unit.user) else { return .missing(name: unit.user) }
    guard let name = unit.userGroup else {
      return .user(name: unit.user, id: user.id, group: user.group)
    }
    guard let group = Accounts.group(name) else { return .missingGroup(name: name) }
    return .user(name: unit.user, id: user.id, group: group)
  }
}
