/// How much it matters that a check fails.
package enum Severity: String, CaseIterable, Comparable, Sendable {
  /// Worth knowing; never decides an audit.
  case info
  /// Something protects less than it could, or will not survive the next restart.
  case warning
  /// Data is, or may at any time be, where no encryption protects it.
  case error

  package static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }

  private var rank: Int { Severity.allCases.firstIndex(of: self)! }
}

/// What an audit says of one statement. Not being able to look is never a pass.
package enum Verdict: String, Sendable {
  case pass, fail, unknown
}

/// What a check has seen of one subject.
package struct Observation: Equatable, Sendable {
  package var verdict: Verdict
  /// What it is about: a path, a volume's name, a device.
  package var subject: String
  /// What was seen: lower case, no full stop, the object in single quotes.
  package var message: String
  /// What to do, a sentence with a command to paste; nil where nothing is to be done.
  package var advice: String?
  /// What the verdict rests on, a line for each fact; for a person who does not believe the message.
  package var evidence: [String]

  package init(
    verdict: Verdict, subject: String, message: String, advice: String? = nil,
    evidence: [String] = []
  ) {
    self.verdict = verdict
    self.subject = subject
    self.message = message
    self.advice = advice
    self.evidence = evidence
  }

  package static func pass(_ subject: String, _ message: String, evidence: [String] = [])
    -> Observation
  {
    Observation(verdict: .pass, subject: subject, message: message, evidence: evidence)
  }

  package static func fail(
    _ subject: String, _ message: String, advice: String, evidence: [String] = []
  ) -> Observation {
    Observation(
      verdict: .fail, subject: subject, message: message, advice: advice, evidence: evidence)
  }

  package static func unknown(
    _ subject: String, _ message: String, advice: String, evidence: [String] = []
  ) -> Observation {
    Observation(
      verdict: .unknown, subject: subject, message: message, advice: advice, evidence: evidence)
  }
}

/// An observation, and the check that made it.
package struct Finding: Equatable, Sendable {
  /// The check's id.
  package var check: String
  package var severity: Severity
  package var observation: Observation

  package init(check: String, severity: Severity, observation: Observation) {
    self.check = check
    self.severity = severity
    self.observation = observation
  }

  /// Whether it can decide an audit.
  package var counts: Bool { severity > .info }
}
