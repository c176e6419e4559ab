import Vault

/// What an audit tests: `esvault audit --list`.
struct CheckList {
  static let schema = "esvault/checks/v1"
  let checks: [Check]

  var json: JSON {
    .object([
      "schema": .string(Self.schema), "checks": .array(checks.map(AuditJSON.check)),
      "limits": .array(AuditLimits.all.map(JSON.string)),
    ])
  }

  /// At most 80 columns.
  func text(_ drawing: Drawing) -> String {
    let heading = drawing.paint("What an audit does not show", .strong)
    let limits = AuditLimits.all.flatMap { Paragraph("- ", $0).lines() }
    return (checks.map { block($0, drawing) } + [[heading] + limits])
      .map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }

  private func block(_ check: Check, _ drawing: Drawing) -> [String] {
    let controls = check.controls.flatMap {
      Paragraph("  Evidence for: ", "\($0.rawValue): \($0.title)").lines()
    }
    return ["\(drawing.paint(check.id, .strong))  \(check.severity.rawValue)"]
      + Paragraph("  ", check.statement).lines() + Paragraph("  Why: ", check.reason).lines()
      + controls
  }
}
