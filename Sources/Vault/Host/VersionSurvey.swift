import Elasticsearch

/// Finds out which version is installed, without running it: Java takes seconds, and starts with
/// whatever its environment says.
struct VersionSurvey {
  let home: String
  let product: Product
  /// RPM's database; nil for the system's own.
  var rpmDatabase: String?
  /// How long RPM is waited for.
  var limit = Duration.seconds(20)

  /// The version that would run: the server's jar has it in its name.
  func jar() -> ElasticsearchVersion? { Self.jar(in: home) }

  static func jar(in home: String) -> ElasticsearchVersion? {
    ElasticsearchVersion(jarNames: Directories.names(in: home + "/lib") ?? [])
  }

  /// What the system's package database says, if this home is a package's.
  ///
  /// - Parameter asksRPM: whether it is worth a program, which takes longer than all other looks.
  func packaged(asksRPM: Bool) async -> ElasticsearchVersion? {
    guard home == product.packagedHome else { return nil }
    if let text = DpkgStatus.version(of: product.packages) {
      return ElasticsearchVersion(text, of: product)
    }
    for package in asksRPM ? product.packages : [] {
      guard
        let output = try? await Program("rpm").run(
          (rpmDatabase.map { ["--dbpath", $0] } ?? []) + ["-q", "--qf", "%{VERSION}\n", package],
          limit: limit), output.status == 0,
        let line = output.text.split(whereSeparator: \.isNewline).first
      else { continue }
      return ElasticsearchVersion(line, of: product)
    }
    return nil
  }
}
