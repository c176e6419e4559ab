import Glibc

/// Looks at everything that an audit judges; changes nothing, and needs no key.
package struct AuditSurvey {
  private let configuration: Configuration

  package init(_ configuration: Configuration) {
    self.configuration = configuration
  }

  package func facts() async throws -> AuditFacts {
    let specs = VolumeRequest().specs(in: configuration)
    var facts = AuditFacts(isRoot: geteuid() == 0, memory: LinuxHost.memory())
    for spec in configuration.volumes.isEmpty ? [] : specs {
      let chain = try await ChainSurvey(spec, mounts: specs.map(\.mount)).whole()
      facts.volumes.append(AuditedVolume(spec: spec, chain: chain))
    }
    (facts.places, facts.writing) = try await PlacesSurvey(specs, of: configuration).look()
    return facts
  }
}
