extension Check {
  /// `path.data`, one or several (Elastic documentation, "Path settings"), and `path.shared_data`; by
  /// default `data` in Elasticsearch's home. What a relative path means, and that a setting on the
  /// command line wins, is read in the source of 7.1 and 9.5.
  package static let dataPath = Check(
    "data-path", .error, "Every disk beneath each path.data is behind LUKS.",
    reason: "There the documents are, in Lucene's files and in the translog.",
    controls: [.protectionAtRest]
  ) { facts in
    facts.observations(of: .data) { _ in
      "Make an encrypted volume, and move the data onto it: esvault provision --dry-run"
    }
  }
}
