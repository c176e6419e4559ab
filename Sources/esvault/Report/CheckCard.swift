import Vault

/// One check: what it states, what it found on a host, and why that matters.
struct CheckCard {
  private let id: String
  private let statement: AuditDocument.Statement?
  /// The worst first.
  private let findings: [Finding]
  private let withReason: Bool

  init(
    _ id: String, _ statement: AuditDocument.Statement?, findings: [Finding], withReason: Bool
  ) {
    self.id = id
    self.statement = statement
    self.findings = findings.sorted(by: \.urgency)
    self.withReason = withReason
  }

  /// As of the worst finding; a check that has nothing to judge comes last.
  var urgency: Int { findings.first?.urgency ?? 7 }

  var html: HTML {
    let severity = (statement?.severity ?? findings.first?.severity)?.rawValue
    return """
      <article class="check \(mood)">
      <h3>\(statement?.statement ?? id)</h3>
      <p class="label"><code>\(id)</code>\(severity.map { ", severity \($0)" as HTML })</p>
      \(list)
      \(withReason ? statement.map(Self.reason) : nil)
      </article>

      """
  }

  private var mood: HTML {
    switch urgency {
    case 0, 1: "fail"
    case 2, 3: "unknown"
    case 6: "pass"
    default: "idle"
    }
  }

  private var list: HTML {
    guard !findings.isEmpty else {
      return "<p>Not judged: there was nothing of the kind, or it was not asked for.</p>"
    }
    return "<ul class=\"findings\">\(findings.map(item))</ul>"
  }

  private func item(_ finding: Finding) -> HTML {
    let seen = finding.observation
    let lines = seen.evidence.map { "<li>\($0)</li>" as HTML }
    return """
      <li>\(Page.badge(seen.verdict, counts: finding.counts)) <b>\(seen.subject)</b>: \(seen.message)\
      \(seen.advice.map(Self.advice))\
      \(lines.isEmpty ? nil : "<ul class=\"evidence\">\(lines)</ul>" as HTML)</li>

      """
  }

  private static func advice(_ text: String) -> HTML {
    let advice = Advice(text)
    return """
      <p class="advice"><b>To do:</b> \(advice.words)\
      \(advice.command.map { " <code>\($0)</code>" as HTML })</p>
      """
  }

  /// Why a check matters, and the controls that it gives evidence for.
  static func reason(_ statement: AuditDocument.Statement) -> HTML {
    let controls = statement.controls.map { " \($0.name) (\($0.title))." as HTML }
    return """
      <p class="reason"><b>Why it matters:</b> \(statement.reason)\
      \(controls.isEmpty ? nil : " <b>Evidence for:</b>\(controls)" as HTML)</p>
      """
  }
}

extension Array {
  /// In the order of a number; those of one number stay as they are.
  func sorted(by number: (Element) -> Int) -> [Element] {
    enumerated().map { (number($0.element), $0.offset, $0.element) }
      .sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
  }
}
