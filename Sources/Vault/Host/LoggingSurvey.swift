import Elasticsearch
import Glibc

/// Looks for what Elasticsearch tells Log4j: every `log4j2.properties` of its configuration.
struct LoggingSurvey {
  typealias Failure = WrittenPaths.SettingsFailure

  private static let name = "log4j2.properties"
  /// Directories within directories; a circle of links ends here, too.
  private static let depth = 8

  private let configuration: String

  init(_ configuration: String) {
    self.configuration = configuration
  }

  /// What they say, by their paths.
  func files() -> [String: Result<LoggingFiles, Failure>] {
    var files: [String: Result<LoggingFiles, Failure>] = [:]
    add(below: configuration, depth: Self.depth, to: &files)
    return files
  }

  private func add(
    below folder: String, depth: Int, to files: inout [String: Result<LoggingFiles, Failure>]
  ) {
    let path = "\(folder)/\(Self.name)"
    guard depth > 0 else {
      files[path] = .failure(Failure(why: "nobody looks deeper than \(Self.depth) directories"))
      return
    }
    do {
      if let bytes = try AtomicFile(path).bytes() { files[path] = .success(LoggingFiles(bytes)) }
    } catch {
      files[path] = .failure(Failure(why: "\(error)"))
    }
    guard let names = Directories.names(in: folder) else {
      if errno != ENOENT { files[path] = .failure(Failure(why: "could not look into '\(folder)'")) }
      return
    }
    for name in names where isFolder("\(folder)/\(name)") {
      add(below: "\(folder)/\(name)", depth: depth - 1, to: &files)
    }
  }

  /// Links are followed, as Elasticsearch does.
  private func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
