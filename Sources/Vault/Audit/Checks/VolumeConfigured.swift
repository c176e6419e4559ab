extension Check {
  /// The configuration names the volumes that all other checks are about: without one they have nothing
  /// to say, and silence must not look like a pass.
  static let volumeConfigured = Check(
    "volume-configured", .error, "There is an encrypted volume for Elasticsearch.",
    reason: "Where there is none, Elasticsearch's data lies wherever its disk is, in the clear."
  ) { facts in
    guard !facts.volumes.isEmpty else {
      return [
        .fail(
          "configuration", "it names no volume",
          advice:
            "Make one: esvault provision. A configuration elsewhere is named with --config FILE.",
          evidence: facts.obstacles)
      ]
    }
    return facts.volumes.map { volume in
      guard volume.spec.uuid != nil else {
        return .fail(
          volume.name, "volume '\(volume.name)' is not made yet",
          advice: "Make it: esvault provision --name \(volume.name)", evidence: facts.obstacles)
      }
      return .pass(volume.name, "volume '\(volume.name)' is recorded")
    }
  }
}
