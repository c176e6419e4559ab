extension AuditFacts {
  /// What there is to say of the places with some purposes: an observation for each.
  ///
  /// - Parameter advice: what to do about one that is not encrypted.
  func observations(
    of purposes: AuditedPlace.Purpose..., advice: (AuditedPlace) -> String
  ) -> [Observation] {
    places.filter { purposes.contains($0.purpose) }.map { $0.observation(advice: advice) }
  }
}

extension AuditedPlace {
  func observation(advice: (AuditedPlace) -> String) -> Observation {
    let evidence = ["named by \(origin)"] + chain.map(\.line)
    let why = problem ?? "nobody could see what is beneath"
    switch isEncrypted {
    case true:
      let isMemory = chain.contains { $0.kind == .memory } && !chain.contains { $0.kind == .disk }
      let words =
        isMemory ? "'\(path)' lies in memory" : "every disk beneath '\(path)' is behind LUKS"
      return .pass(path, words, evidence: evidence)
    case false:
      return .fail(
        path, "'\(path)' is not encrypted: \(why)", advice: advice(self), evidence: evidence)
    default:
      return .unknown(
        path, "'\(path)' cannot be judged: \(why)", advice: Self.look(path), evidence: evidence)
    }
  }

  private static func look(_ path: String) -> String {
    "Audit as root, or see what is beneath it: findmnt -T \(path.shellWord)"
  }
}

extension AuditedPlace.Link {
  /// As a line of evidence, indented by its level.
  fileprivate var line: String {
    let mark = encrypts ? ", encrypts" : ""
    return String(repeating: "  ", count: level) + "\(kind.rawValue) '\(name)'"
      + (detail.map { ": \($0)" } ?? "") + mark
  }
}
