import Glibc

/// Reads what defines a service: its unit's files and the environment files that they name.
enum UnitEnvironment {
  /// - Parameters:
  ///   - paths: the unit's own file, then its drop-ins.
  ///   - unit: its whole name.
  ///   - inherited: the variables that count where the files do not tell.
  static func definition(
    of paths: [String], unit: String = "", inherited: [String: String] = [:]
  ) -> ServiceDefinition {
    var failures: [String] = []
    // systemd goes on without a file that it cannot read, or does not start the service.
    func text(_ path: String) -> [UInt8]? {
      do { return try AtomicFile(path).bytes() } catch {
        failures.append("\(error)")
        return nil
      }
    }
    let files = paths.compactMap { path in
      text(path).map { UnitFile(path: path, text: String(decoding: $0, as: UTF8.self)) }
    }
    var definition = ServiceDefinition(unit: unit, files: files)
    definition.inherited = inherited
    for path in definition.environmentPaths {
      // Several files that a pattern means are read one after the other.
      let bytes = matches(path).compactMap(text)
      if !bytes.isEmpty { definition.environmentFiles[path] = Array(bytes.joined(separator: [10])) }
    }
    definition.failures = failures
    return definition
  }

  /// The variables of this process (proc(5), `environ`).
  static func own() -> [String: String] {
    let bytes = (try? AtomicFile("/proc/self/environ").bytes()) ?? []
    var variables: [String: String] = [:]
    for entry in bytes.split(separator: 0) {
      let parts = entry.split(separator: UInt8(ascii: "="), maxSplits: 1)
      guard parts.count == 2 else { continue }
      variables[String(decoding: parts[0], as: UTF8.self)] = String(
        decoding: parts[1], as: UTF8.self)
    }
    return variables
  }

  private static func matches(_ pattern: String) -> [String] {
    guard pattern.contains(where: { "*?[".contains($0) }) else { return [pattern] }
    var result = glob_t()
    defer { globfree(&result) }
    guard glob(pattern, 0, nil, &result) == 0 else { return [] }
    return (0..<Int(result.gl_pathc)).compactMap { result.gl_pathv[$0].map { String(cString: $0) } }
  }
}
