import Vault

/// An audit for node_exporter's textfile collector, in Prometheus' text format 0.0.4
/// (prometheus.io/docs/instrumenting/exposition_formats).
enum AuditMetrics {
  static func text(_ report: AuditReport) -> String {
    let verdict = report.audit.verdict
    let verdicts = [Verdict.pass, .fail, .unknown].map {
      sample("esvault_audit_verdict", [("verdict", $0.rawValue)], $0 == verdict ? 1 : 0)
    }
    let families = [
      family(
        "esvault_audit_finding", "What a check has found; always 1, the label 'verdict' tells.",
        findings(report.audit)),
      family(
        "esvault_audit_verdict", "The verdict of the whole audit: 1 for the one that holds.",
        verdicts),
      family(
        "esvault_audit_timestamp_seconds", "When the audit was made, in seconds since 1970.",
        [sample("esvault_audit_timestamp_seconds", [], Clock.time(of: report.time) ?? 0)]),
      family(
        "esvault_audit_info", "The version of esvault that made the audit; always 1.",
        [sample("esvault_audit_info", [("version", report.version)], 1)]),
    ]
    return families.flatMap(\.self).joined(separator: "\n")
  }

  /// No line twice: the collector refuses a whole file in which a sample is repeated.
  private static func findings(_ audit: Audit) -> [String] {
    var seen: Set<String> = []
    return audit.findings.map { finding in
      sample(
        "esvault_audit_finding",
        [
          ("check", finding.check), ("severity", finding.severity.rawValue),
          ("subject", finding.observation.subject),
          ("verdict", finding.observation.verdict.rawValue),
        ], 1)
    }.filter { seen.insert($0).inserted }
  }

  private static func family(_ name: String, _ help: String, _ samples: [String]) -> [String] {
    ["# HELP \(name) \(help)", "# TYPE \(name) gauge"] + samples
  }

  private static func sample(_ name: String, _ labels: [(String, String)], _ value: Int) -> String {
    guard !labels.isEmpty else { return "\(name) \(value)" }
    let pairs = labels.map { "\($0)=\"\(escaped($1))\"" }.joined(separator: ",")
    return "\(name){\(pairs)} \(value)"
  }

  /// Backslash, quotation mark and line feed are written with a backslash; other control characters
  /// are none of a label's business.
  private static func escaped(_ value: String) -> String {
    var text = ""
    for scalar in Terminal.printable(value).unicodeScalars {
      switch scalar {
      case "\\": text += #"\\"#
      case "\"": text += #"\""#
      case "\n": text += #"\n"#
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
