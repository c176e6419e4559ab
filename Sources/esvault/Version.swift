/// Which version of the program this is.
enum Version {
  /// Numbers as Semantic Versioning has them (semver.org).
  static let current = "0.1.0"
}
