/// An audit as it is handed on: what was tested and found, where, when, and by which version.
package struct AuditReport: Sendable {
  /// Name of the host.
  package var host: String
  /// The disks and images that were looked at in place of the machine; empty for an audit of the machine.
  package var images: [String]
  /// In UTC, as in `2026-11-21T20:45:00Z`.
  package var time: String
  /// Version of esvault, as in `0.1.0`.
  package var version: String
  /// The checks that were made; one without a finding had nothing to judge on this machine.
  package var checks: [Check]
  /// The ids of the checks that the operator has left out.
  package var skipped: [String]
  package var audit: Audit
  /// Where the data goes.
  package var places: [AuditedPlace]

  package init(
    host: String, images: [String] = [], time: String, version: String, checks: [Check],
    skipped: [String] = [],
    audit: Audit, places: [AuditedPlace] = []
  ) {
    self.host = host
    self.images = images
    self.time = time
    self.version = version
    self.checks = checks
    self.skipped = skipped
    self.audit = audit
    self.places = places
  }
}
