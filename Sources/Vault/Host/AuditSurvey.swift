import Glibc

/// Looks at everything that an audit judges; changes nothing, and needs no key.
package struct AuditSurvey {
  private let configuration: Configuration
  private let path: String
  private let triesKeys: Bool

  /// - Parameters:
  ///   - path: where the configuration is.
  ///   - triesKeys: whether each stored key is tried, which takes as long as an unlocking.
  package init(
    _ configuration: Configuration, at path: String = Configuration.defaultPath,
    triesKeys: Bool = false
  ) {
    self.configuration = configuration
    self.path = path
    self.triesKeys = triesKeys
  }

  package func facts() async throws -> AuditFacts {
    let specs = VolumeRequest().specs(in: configuration)
    var facts = AuditFacts(isRoot: geteuid() == 0, memory: LinuxHost.memory())
    for spec in configuration.volumes.isEmpty ? [] : specs {
      let survey = VolumeSurvey(spec, configurationPath: path, among: specs)
      facts.volumes.append(try await survey.volume())
    }
    if facts.isRoot, facts.volumes.isEmpty || facts.volumes.contains(where: { $0.spec.uuid == nil })
    {
      // By their signatures alone: to look further claims a disk for a moment, which somebody may be opening.
      let disks = try? DiskSurvey().all(whole: { _ in false }, header: { _, _ in false })
      facts.obstacles = (disks ?? []).flatMap(\.knownReasons)
    }
    if triesKeys {
      var trials = KeyTrials()
      for index in facts.volumes.indices {
        facts.volumes[index].keyTrial = trials.keyslot(of: facts.volumes[index])
      }
    }
    let places = PlacesSurvey(specs, of: configuration, known: facts.volumes)
    (facts.places, facts.writing) = try await places.look()
    return facts
  }
}

extension DiskFacts {
  /// What keeps it from becoming a volume, as far as its signature tells.
  fileprivate var knownReasons: [String] {
    if case .unknown = contents { return obstacle().map { [$0.description] } ?? [] }
    return reasons
  }
}
