/// An audit that was made: every finding, and what follows from them.
package struct Audit: Equatable, Sendable {
  /// In the order of the checks.
  package var findings: [Finding]

  package init(findings: [Finding]) {
    self.findings = findings
  }

  /// Judges what was seen.
  package init(_ facts: AuditFacts, checks: [Check]) {
    findings = checks.flatMap { check in
      check.judge(facts).map {
        Finding(check: check.id, severity: check.severity, observation: $0)
      }
    }
  }

  /// A failure beats what is unknown, and what is unknown is never a pass. An audit that has looked at
  /// nothing has not passed either.
  package var verdict: Verdict {
    let deciding = findings.filter(\.counts).map(\.observation.verdict)
    if deciding.contains(.fail) { return .fail }
    return deciding.isEmpty || deciding.contains(.unknown) ? .unknown : .pass
  }
}

/// Which checks an operator wants.
package struct CheckSelection: Sendable {
  package var only: [String]
  package var skipped: [String]
  package var severity: Severity

  package init(only: [String] = [], skipped: [String] = [], severity: Severity = .info) {
    self.only = only
    self.skipped = skipped
    self.severity = severity
  }

  /// - Throws: ``Refusal`` for an id that no check has: a check that is misspelt would be a check that
  ///   is not made.
  package func checks(of all: [Check]) throws -> [Check] {
    for id in only + skipped where !all.contains(where: { $0.id == id }) {
      throw Refusal(Self.absence(of: id), advice: "See which there are: esvault audit --list")
    }
    let chosen = all.filter(isChosen)
    guard !chosen.isEmpty else {
      throw Refusal(
        "no check is left to make",
        advice: "Leave out --skip, --check or --severity; 'esvault audit --list' shows the checks.")
    }
    return chosen
  }

  private static func absence(of id: String) -> String {
    if Check.ofImages.contains(where: { $0.id == id }) {
      return "the check '\(id)' is made with --image only"
    }
    if Check.ofMachine.contains(where: { $0.id == id }) {
      return "the check '\(id)' is made without --image only"
    }
    return "there is no check '\(id)'"
  }

  /// The ids of the checks that are left out.
  package func skipped(of all: [Check]) -> [String] {
    all.filter { !isChosen($0) }.map(\.id)
  }

  private func isChosen(_ check: Check) -> Bool {
    (only.isEmpty || only.contains(check.id)) && !skipped.contains(check.id)
      && check.severity >= severity
  }
}
