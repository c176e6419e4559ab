/// What is known about the units that open the volume at boot.
package struct UnitsFacts: Equatable, Sendable {
  /// What stands where each of their files belongs, by path; a path that is missing is absent.
  package var files: [String: UnitFileFacts] = [:]
  /// Whether systemd opens volumes at boot.
  package var isEnabled = false
  /// Whether systemd goes by what files said earlier.
  package var isStale = false
  /// Where this program is; nil where the kernel does not say.
  package var program: String?
  /// Where the credential is stored that is the volume's key.
  package var credential: CredentialPlace?

  package init() {}
}

/// What stands where a file of a unit belongs.
package enum UnitFileFacts: Equatable, Sendable {
  case absent
  case text(String)
  /// A symbolic link; to `/dev/null` it masks the unit.
  case link(to: String)
  /// Why it cannot be read.
  case unreadable(String)
}
