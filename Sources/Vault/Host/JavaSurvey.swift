import Elasticsearch
import Glibc
import SystemPackage

/// Finds out which Java would run Elasticsearch, without running it.
struct JavaSurvey {
  /// Where systemd looks for programs (systemd.exec(5), `PATH`); an own `PATH` of the unit counts first.
  private static let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

  /// Elasticsearch's own.
  let home: String
  let definition: ServiceDefinition

  /// Its major version, such as 17; nil where that cannot be told.
  func majorVersion(for version: ElasticsearchVersion?) -> Int? {
    guard let home = javaHome(for: version) else { return nil }
    // A runtime inside of a kit, as Java 8 has it, has its file beside it.
    return [home, home + "/.."].lazy.compactMap { folder in
      (try? AtomicFile(folder + "/release").bytes()).flatMap(\.self)
    }.first.flatMap { Java.majorVersion(release: $0) }
  }

  private func javaHome(for version: ElasticsearchVersion?) -> String? {
    guard let version else { return homeForAnyVersion }
    let names = Java.homeVariables(of: version)
    guard definition.obscurity(of: names) == nil else { return nil }
    if let told = names.lazy.compactMap({ definition.variable($0)?.text }).first(where: {
      !$0.isEmpty
    }) {
      return told
    }
    return version < ElasticsearchVersion(7, 0, 0) ? firstOnPath : home + "/jdk"
  }

  /// The bundled one, where nothing names another to any version.
  private var homeForAnyVersion: String? {
    let names = ["JAVA_HOME"] + [Product.elasticsearch, .openSearch].map(\.javaHomeVariable)
    let isNamed = names.contains { definition.variable($0) != nil }
    return isNamed || definition.obscurity(of: names) != nil ? nil : home + "/jdk"
  }

  private var firstOnPath: String? {
    guard definition.obscurity(of: ["PATH"]) == nil else { return nil }
    let folders = (definition.variable("PATH")?.text ?? Self.path).split(separator: ":")
    let programs = folders.map { "\($0)/java" }
    guard let program = programs.first(where: { path in access(path, X_OK) == 0 }),
      let real = FilePath.real(program)
    else { return nil }
    return FilePath(real).removingLastComponent().removingLastComponent().string
  }
}
