extension Check {
  /// `path.logs`, by default `logs` in Elasticsearch's home, and other files that `log4j2.properties` or
  /// the unit's `StandardOutput=` name. The slow log of indexing has the first 1000
  /// characters of a document, the slow log of searches whole queries (Elastic documentation, "Slow
  /// log"); exceptions quote both.
  static let logPath = Check(
    "log-path", .warning, "Every disk beneath the logs is behind LUKS.",
    reason: "Slow logs and exceptions quote queries and parts of documents.",
    controls: [.protectionAtRest]
  ) { facts in
    facts.observations(of: .logs) { _ in
      "Keep the logs on the volume: esvault provision --confine"
    }
  }
}
