/// An audit as it is handed on: what was found, where, when, and by which version.
package struct AuditReport: Equatable, Sendable {
  /// Name of the host.
  package var host: String
  /// In UTC, as in `2026-11-21T20:45:00Z`.
  package var time: String
  /// Version of esvault, as in `0.1.0`.
  package var version: String
  package var audit: Audit
  /// Where the data goes.
  package var places: [AuditedPlace]

  package init(
    host: String, time: String, version: String, audit: Audit, places: [AuditedPlace] = []
  ) {
    self.host = host
    self.time = time
    self.version = version
    self.audit = audit
    self.places = places
  }
}
