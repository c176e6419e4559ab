import Elasticsearch
import SystemPackage

/// A path that a service writes to, and what names it.
struct WrittenPath: Equatable {
  var purpose: AuditedPlace.Purpose
  var path: String
  /// "path.data in '/etc/elasticsearch/elasticsearch.yml'".
  var origin: String
  /// Why the path is not known; nil where it is.
  var problem: String?
}

/// Every path that Elasticsearch writes to, from what its settings, its unit and its Java options say.
///
/// Sources of the defaults: Elastic documentation, "Important Elasticsearch configuration" and "Path
/// settings"; the start scripts of 7.1 and 7.6; the documentation of JDK 17's `java`. Not followed: what a
/// plugin or a module writes elsewhere, and the report of a crash, which Java puts into /tmp where it
/// cannot write to its place.
struct WrittenPaths {
  /// The directory of `elasticsearch.yml`.
  var configuration: String
  var home: String
  var product = Product.elasticsearch
  /// The unit.
  var service = ""
  /// Why systemd told nothing of the unit; nil where it answered.
  var silence: String?
  var version: ElasticsearchVersion?
  var definition = ServiceDefinition()
  /// Nil without a file: then everything is at its default.
  var settings: Result<LoadedSettings?, SettingsFailure> = .success(nil)
  /// What each `log4j2.properties` says, by its path: Elasticsearch reads those in all directories below
  /// its configuration (`LogConfigurator`; read in the source of 7.1 and 9.5).
  var logging: [String: Result<LoggingFiles, SettingsFailure>] = [:]
  var jvm = JVMFacts(options: JVMConfiguration())
  /// What the running node was told on its command line, and where it works.
  var running: RunningJava?

  struct RunningJava: Equatable {
    var destinations: JVMDestinations
    /// The working directory; nil where it cannot be seen.
    var folder: String?
  }

  /// Why `elasticsearch.yml` cannot be read.
  struct SettingsFailure: Error, Equatable {
    var why: String
  }

  /// Of all that a service writes.
  static let purposes: [AuditedPlace.Purpose] =
    [.data, .logs, .repository] + purposesOfJava
  private static let purposesOfJava: [AuditedPlace.Purpose] =
    [.heapDumps, .errorFiles, .gcLogs, .temporary]

  /// Why the service may write to other places than those that are seen here; nil where it does not.
  var doubt: String? {
    if let why = silence ?? definition.failures.first { return why }
    let names = [
      product.configurationVariable, product.javaOptionsVariable, "_JAVA_OPTIONS",
      product.temporaryVariable, "TMPDIR",
    ]
    return definition.obscurity(of: names).map {
      "'\($0.text)' in '\($0.place)' does not tell what it is started with"
    }
  }

  /// Without repetition: of several origins of one path the first counts.
  var all: [WrittenPath] {
    let all = ofSettings + ofLogging + ofJava + unseen
    return all.reduce(into: []) { found, written in
      let isKnown = found.contains {
        $0.purpose == written.purpose && $0.path == written.path && $0.problem == written.problem
      }
      if !isKnown { found.append(written) }
    }
  }

  /// A default that nobody has seen to count is no answer.
  var unseen: [WrittenPath] {
    guard let doubt else { return [] }
    return Self.purposes.map {
      WrittenPath(purpose: $0, path: service, origin: "the unit '\(service)'", problem: doubt)
    }
  }

  private var file: String { "\(configuration)/\(product.word).yml" }

  // MARK: - Settings

  private var ofSettings: [WrittenPath] {
    let data = paths("path.data", .data, default: home + "/data")
    let shared = paths("path.shared_data", .data)
    let logs = paths("path.logs", .logs, default: home + "/logs")
    return data + shared + logs + paths("path.repo", .repository)
  }

  private func paths(
    _ setting: String, _ purpose: AuditedPlace.Purpose, default usual: String? = nil
  ) -> [WrittenPath] {
    let told = definition.settings(setting)
    if !told.isEmpty {
      return told.flatMap { saying in
        // What is left of the specifiers is not known.
        let problem =
          definition.specifiers.expanded(saying.text) == nil
          ? "what systemd makes of '\(saying.text)' is not known" : nil
        return saying.text.split(separator: ",").map {
          WrittenPath(
            purpose: purpose, path: absolute(String($0)),
            origin: "\(setting) in '\(saying.place)'", problem: problem)
        }
      }
    }
    do {
      let paths = try settings.get().map { try $0.paths(setting) } ?? []
      let origin = "\(setting) in '\(file)'"
      if !paths.isEmpty { return paths.map { WrittenPath(purpose, absolute($0), origin) } }
      return usual.map { [WrittenPath(purpose, $0, "the default of \(setting)")] } ?? []
    } catch {
      let why = (error as? SettingsFailure)?.why ?? "\(error)"
      return [WrittenPath(purpose: purpose, path: file, origin: setting, problem: why)]
    }
  }

  /// A path as Elasticsearch takes it: from its home, and without `..`, by its text alone.
  private func absolute(_ path: String) -> String {
    FilePath(home).pushing(FilePath(path)).lexicallyNormalized().string
  }

  // MARK: - Java

  private var ofJava: [WrittenPath] {
    pathsToldToJava
      + (running.map { paths(of: $0.destinations, in: $0.folder ?? workingFolder) } ?? [])
  }

  private var pathsToldToJava: [WrittenPath] {
    if let problem = jvm.problem {
      return Self.purposesOfJava.map {
        WrittenPath(
          purpose: $0, path: configuration + "/jvm.options", origin: "Java's options",
          problem: problem)
      }
    }
    let told = jvm.options.destinations(oldestJava: version?.oldestJava ?? 8)
    return told.flatMap { paths(of: $0, in: workingFolder) }
  }

  private func paths(of java: JVMDestinations, in folder: String) -> [WrittenPath] {
    func place(_ option: JVMOption?, _ purpose: AuditedPlace.Purpose, _ name: String) -> WrittenPath
    {
      guard let option else {
        return WrittenPath(purpose, folder, "the default of \(name): where Java works")
      }
      let path = FilePath(folder).pushing(FilePath(replacing(in: option.text))).string
      return WrittenPath(purpose, path, "\(name) in '\(option.place)'")
    }
    let dumps = java.dumpsHeap ? [place(java.heapDump, .heapDumps, "-XX:HeapDumpPath")] : []
    let reports = [
      place(java.errorFile, .errorFiles, "-XX:ErrorFile"),
      place(java.replayFile, .errorFiles, "-XX:ReplayDataFile"),
    ]
    let logs = java.logs.map { place($0, .gcLogs, "Java's log") }
    return dumps + reports + logs + temporary(java, folder)
  }

  private func temporary(_ java: JVMDestinations, _ folder: String) -> [WrittenPath] {
    guard let option = java.temporary, option.text != "${\(product.temporaryVariable)}" else {
      return [temporaryOfUnit]
    }
    let path = FilePath(folder).pushing(FilePath(replacing(in: option.text))).string
    return [WrittenPath(.temporary, path, "java.io.tmpdir in '\(option.place)'")]
  }

  /// What the start script makes of the unit's variables: a directory of its own by mktemp(1).
  private var temporaryOfUnit: WrittenPath {
    for name in [product.temporaryVariable, "TMPDIR"] {
      if let saying = definition.variable(name), !saying.text.isEmpty {
        return WrittenPath(.temporary, absolute(saying.text), "\(name) in '\(saying.place)'")
      }
    }
    return WrittenPath(.temporary, "/tmp", "the default of \(product.temporaryVariable)")
  }

  /// Elasticsearch puts two of its variables into Java's options (`JvmOptionsParser`, read in 9.5).
  private func replacing(in text: String) -> String {
    text.replacing("${\(product.temporaryVariable)}", with: temporaryOfUnit.path)
      .replacing("${\(product.configurationVariable)}", with: configuration)
  }

  /// Where Java works.
  var workingFolder: String {
    guard version?.worksInLogs == true else { return home }
    let logs = paths("path.logs", .logs, default: home + "/logs").first
    return logs?.problem == nil ? logs?.path ?? home : home
  }
}

extension WrittenPath {
  fileprivate init(_ purpose: AuditedPlace.Purpose, _ path: String, _ origin: String) {
    self.init(purpose: purpose, path: path, origin: origin)
  }
}
