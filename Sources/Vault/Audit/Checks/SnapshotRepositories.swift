extension Check {
  /// `path.repo`: below it are the repositories of type `fs` (Elastic documentation, "Shared file system
  /// repository"). Which of them are in use, and those of other types, only the node knows.
  static let snapshotRepositories = Check(
    "snapshot-repositories", .error, "Every disk beneath each path.repo is behind LUKS.",
    reason: "A snapshot is a copy of the indices, and Elasticsearch does not encrypt it.",
    controls: [.protectionAtRest]
  ) { facts in
    facts.observations(of: .repository) { place in
      "Put it on an encrypted disk, or take it out of path.repo; see what is there: ls \(place.path.shellWord)"
    }
  }
}
