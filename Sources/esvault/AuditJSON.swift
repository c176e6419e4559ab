import Vault

/// An audit as a JSON document, `esvault/audit/v1`.
enum AuditJSON {
  static let schema = "esvault/audit/v1"

  static func document(_ report: AuditReport) -> JSON {
    .object([
      "schema": .string(schema), "host": .string(report.host),
      "images": .array(report.images.map(JSON.string)), "time": .string(report.time),
      "version": .string(report.version), "verdict": .string(report.audit.verdict.rawValue),
      "checks": .array(report.checks.map(check)),
      "skipped": .array(report.skipped.map(JSON.string)),
      "findings": .array(report.audit.findings.map(finding)),
      "places": .array(report.places.map(place)),
    ])
  }

  /// What a check states; a reader of the document needs no esvault to understand a finding.
  static func check(_ check: Check) -> JSON {
    let controls = check.controls.map {
      JSON.object(["name": .string($0.rawValue), "title": .string($0.title)])
    }
    return .object([
      "id": .string(check.id), "severity": .string(check.severity.rawValue),
      "statement": .string(check.statement), "reason": .string(check.reason),
      "controls": .array(controls),
    ])
  }

  private static func place(_ place: AuditedPlace) -> JSON {
    let chain = place.chain.map { link in
      JSON.object([
        "level": JSON(link.level), "kind": .string(link.kind.rawValue), "name": .string(link.name),
        "detail": JSON(link.detail), "encrypts": .bool(link.encrypts),
      ])
    }
    return .object([
      "purpose": .string(place.purpose.rawValue), "path": .string(place.path),
      "origin": .string(place.origin),
      "encrypted": place.isEncrypted.map(JSON.bool) ?? .null, "problem": JSON(place.problem),
      "chain": .array(chain),
    ])
  }

  private static func finding(_ finding: Finding) -> JSON {
    let seen = finding.observation
    return .object([
      "check": .string(finding.check), "severity": .string(finding.severity.rawValue),
      "verdict": .string(seen.verdict.rawValue), "subject": .string(seen.subject),
      "message": .string(seen.message), "advice": JSON(seen.advice),
      "evidence": .array(seen.evidence.map(JSON.string)),
    ])
  }
}
