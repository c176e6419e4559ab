/// The names of the variables that tell a program what its files do not.
package struct ServiceVariables: Equatable, Sendable {
  private let prefix: String

  package static let elasticsearch = ServiceVariables(prefix: "ES")
  package static let openSearch = ServiceVariables(prefix: "OPENSEARCH")

  /// Those of the program that a service starts.
  package init(program: String?) {
    self = program?.contains("opensearch") == true ? .openSearch : .elasticsearch
  }

  private init(prefix: String) {
    self.prefix = prefix
  }

  /// Options of Java, after those in files.
  package var javaOptions: String { prefix + "_JAVA_OPTS" }
  /// The configuration directory.
  package var configuration: String { prefix + "_PATH_CONF" }
  /// The directory for temporary files.
  package var temporary: String { prefix + "_TMPDIR" }
}
