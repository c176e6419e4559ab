import Vault

/// An audit as a table for people.
enum AuditText {
  static func text(_ report: AuditReport) -> String {
    var table = Table(["VERDICT", "SEVERITY", "CHECK", "WHAT WAS SEEN"])
    for finding in report.audit.findings {
      let seen = finding.observation
      table.add([
        seen.verdict.rawValue, finding.severity.rawValue, finding.check,
        "\(seen.subject): \(seen.message)",
      ])
    }
    return table.text + "\n\n\(report.host): \(report.audit.verdict.rawValue)"
  }
}
