import BlockDevices
import Elasticsearch
import Glibc
import SystemPackage

/// Looks at one service: which paths it writes to, as what it sees them, and what becomes of its memory.
struct ServiceSurvey {
  /// With what could not be read as paths that are not known.
  let paths: [WrittenPath]
  /// The directories as the service sees them.
  let tree: Result<DirectoryTree, WrittenPaths.SettingsFailure>
  let memory: ServiceMemory
  let workingFolder: Result<String, WrittenPaths.SettingsFailure>
  /// Where its data is by default, and may have been once.
  let formerData: [String]

  /// - Parameters:
  ///   - facts: of the same Elasticsearch.
  ///   - own: the directories as this process sees them.
  init(
    _ spec: VolumeSpec, _ unit: SystemdUnit, _ facts: ElasticsearchFacts, _ own: DirectoryTree
  ) {
    let survey = ElasticsearchSurvey(spec)
    let definition = facts.definition
    // What is said in files that the service does not read counts for nothing.
    let stray = facts.elsewhere.map(spec.sentence(onConfiguration:))
    let settings =
      stray.map { .failure(.init(why: $0)) }
      ?? Result { try survey.settingsFile().get() }.flatMap { file in
        Result {
          try file?.loaded(by: facts.version) { definition.variable($0)?.text }
        }
      }.mapError { WrittenPaths.SettingsFailure(why: "\($0)") }
    var jvm = facts.jvm
    jvm.problem = stray ?? jvm.problem
    var written = WrittenPaths(
      configuration: spec.elasticsearchConfiguration, home: unit.program.home,
      product: unit.program.product, service: spec.service,
      version: facts.version, definition: definition, settings: settings, jvm: jvm)
    if case .unknown(let why) = unit.state { written.silence = why }
    written.logging = stray == nil ? LoggingSurvey(spec.elasticsearchConfiguration).files() : [:]
    let data = written.all.filter { $0.purpose == .data && $0.problem == nil }.map(\.path)
    let process = RunningNode(unit, dataPaths: data)
    written.running = process.java
    paths = written.all
    tree = Self.tree(process, definition, own)
    let told = definition.last("WorkingDirectory").map(\.text).flatMap {
      $0.hasPrefix("/") ? $0 : nil
    }
    let doubt = process.folder == nil ? written.doubt : nil
    workingFolder =
      doubt.map { .failure(.init(why: $0)) }
      ?? .success(process.folder ?? told ?? unit.program.home)
    formerData = ["/var/lib/\(unit.program.product.word)", unit.program.home + "/data"]
    memory = Self.memory(spec.service, unit, process, definition, settings, facts.jvm)
  }

  /// The same, or one of which nothing is known, where one of its processes or files did not answer.
  static func bounded(
    _ spec: VolumeSpec, _ unit: SystemdUnit, _ facts: ElasticsearchFacts, _ own: DirectoryTree
  ) -> ServiceSurvey {
    let object = "the service '\(spec.service)'"
    do { return try BoundedLook.at(object) { ServiceSurvey(spec, unit, facts, own) } } catch {
      return ServiceSurvey(silent: spec.service, "\(error)")
    }
  }

  private init(silent service: String, _ why: String) {
    var written = WrittenPaths(configuration: "", home: "", service: service)
    written.silence = why
    let failure = WrittenPaths.SettingsFailure(why: why)
    (paths, formerData) = (written.unseen, [])
    (tree, workingFolder) = (.failure(failure), .failure(failure))
    var memory = ServiceMemory(service: service)
    memory.coreLimits = [CoreLimit(subject: "the unit '\(service)'", limit: nil)]
    self.memory = memory
  }

  /// A unit may show its processes other directories than a shell sees; while none runs, what they would
  /// see is not known.
  private static func tree(
    _ process: RunningNode, _ definition: ServiceDefinition, _ own: DirectoryTree
  ) -> Result<DirectoryTree, WrittenPaths.SettingsFailure> {
    do {
      if let id = process.id {
        return .success(process.seesTheSame ? own : try .seen(by: id))
      }
      // systemd.exec(5); what PrivateTmp= and others show lies on the filesystem of the same path.
      let settings = [
        "RootDirectory", "RootImage", "BindPaths", "BindReadOnlyPaths", "TemporaryFileSystem",
        "MountImages", "ExtensionImages", "ExtensionDirectories",
      ]
      if let saying = settings.lazy.compactMap(definition.last).first {
        let why = "it does not run, and by '\(saying.place)' it would see other directories"
        return .failure(.init(why: why))
      }
      return .success(own)
    } catch {
      let why = geteuid() == 0 ? "\(error)" : "only root sees what the service sees: \(error)"
      return .failure(.init(why: why))
    }
  }

  private static func memory(
    _ service: String, _ unit: SystemdUnit, _ process: RunningNode,
    _ definition: ServiceDefinition,
    _ settings: Result<LoadedSettings?, WrittenPaths.SettingsFailure>, _ jvm: JVMFacts
  ) -> ServiceMemory {
    var memory = ServiceMemory(service: service)
    let name = "bootstrap.memory_lock"
    let told = definition.settings(name).first?.text
    let inFile = try? settings.get()?.value(of: name)
    memory.locksMemory = told.map { $0 == "true" } ?? (inFile == .text("true"))
    memory.locked = process.lockedMemory
    memory.heap = jvm.running?.maximum ?? jvm.options.heap.maximum
    memory.mayLockAll = unit.limits.lockedMemory == "infinity"
    memory.isKeptFromSwap = process.isKeptFromSwap ?? (unit.limits.swap == "0")
    memory.coreLimits =
      [CoreLimit(subject: "the unit '\(service)'", limit: unit.limits.core)]
      + process.coreLimits
    return memory
  }
}

/// The processes of a service, as far as they tell where its data goes: /proc/PID (proc(5)).
struct RunningNode {
  /// The process that has a data path open, or else any of the service; nil while none runs.
  private(set) var id: Int?
  private(set) var java: WrittenPaths.RunningJava?
  /// Where it works.
  private(set) var folder: String?
  /// The most that a process of the service has locked, in bytes.
  private(set) var lockedMemory: UInt64?
  private(set) var coreLimits: [CoreLimit] = []
  /// Whether its control group, or one above, may swap nothing out; nil while it does not run.
  private(set) var isKeptFromSwap: Bool?

  init(_ unit: SystemdUnit, dataPaths: [String]) {
    let processes = unit.processes ?? []
    guard let first = processes.first else { return }
    let node = processes.first { process in
      dataPaths.contains { SystemdUnit.has(process, openBelow: $0) }
    }
    let chosen = node ?? first
    id = Int(chosen)
    folder = try? FilePath.target(of: "/proc/\(chosen)/cwd")
    if let node, let bytes = try? AtomicFile("/proc/\(node)/cmdline").bytes() {
      let words = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      java = WrittenPaths.RunningJava(
        destinations: JVMDestinations(commandLine: words, place: "process \(node)"),
        folder: folder)
    }
    lockedMemory = processes.compactMap(Self.lockedMemory).max()
    coreLimits = processes.map {
      CoreLimit(subject: "process \($0)", limit: Self.coreLimit(of: $0))
    }
    isKeptFromSwap = unit.group.map(Self.isKeptFromSwap)
  }

  /// Whether its mount namespace and root directory are those of this process.
  var seesTheSame: Bool {
    ["ns/mnt", "root"].allSatisfy { name in
      let theirs = id.flatMap { try? FilePath.target(of: "/proc/\($0)/\(name)") }
      return theirs != nil && theirs == (try? FilePath.target(of: "/proc/self/\(name)"))
    }
  }

  private static func line(_ start: String, of file: String) -> [Substring]? {
    guard let bytes = try? AtomicFile(file).bytes() else { return nil }
    let line = bytes.split(separator: 0x0a).first { $0.starts(with: start.utf8) }
    return line.map {
      String(decoding: $0.dropFirst(start.utf8.count), as: UTF8.self)
        .split(whereSeparator: \.isWhitespace)
    }
  }

  private static func lockedMemory(of process: String) -> UInt64? {
    line("VmLck:", of: "/proc/\(process)/status")?.first.flatMap { UInt64($0) }.map { $0 << 10 }
  }

  /// The soft limit, which is the one that counts.
  private static func coreLimit(of process: String) -> String? {
    line("Max core file size", of: "/proc/\(process)/limits")?.first.map(String.init)
  }

  private static func isKeptFromSwap(_ group: String) -> Bool {
    var path = "/sys/fs/cgroup"
    return group.split(separator: "/").contains { part in
      path += "/\(part)"
      let bytes = try? AtomicFile(path + "/memory.swap.max").bytes()
      return bytes?.elementsEqual("0\n".utf8) ?? false
    }
  }
}
