import Vault

/// An audit for people: at most 80 columns but for commands, the worst first, the verdict last.
struct AuditText {
  private let report: AuditReport
  private let drawing: Drawing

  init(_ report: AuditReport, _ drawing: Drawing) {
    self.report = report
    self.drawing = drawing
  }

  var text: String {
    let parts = [heading] + problems + [passes, silences, verdict]
    return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
      .joined(separator: "\n\n")
  }

  private var heading: [String] {
    Paragraph("", "Audit of \(subject) at \(report.time)").lines()
  }

  private var subject: String {
    switch report.images.count {
    case 0: "'\(report.host)'"
    case 1: "'\(report.images[0])'"
    case let count: "\(count) images"
    }
  }

  private var problems: [[String]] {
    report.audit.findings.filter { $0.observation.verdict != .pass }.sorted(by: \.urgency)
      .map(problem)
  }

  private func problem(_ finding: Finding) -> [String] {
    let seen = finding.observation
    let (word, colour): (String, Drawing.Colour) =
      switch (finding.counts, seen.verdict) {
      case (false, _): ("info     ", .strong)
      case (true, .fail): ("FAIL     ", .alarm)
      case (true, _): ("UNKNOWN  ", .strong)
      }
    let title = "\(finding.check) (\(finding.severity.rawValue)): \(seen.subject)"
    return Paragraph(word, title).lines(drawing, colour) + Paragraph("  ", seen.message).lines()
      + (seen.advice.map(lines(advice:)) ?? [])
  }

  /// The command stands in a line of its own, to be copied: never broken, however long.
  private func lines(advice text: String) -> [String] {
    let advice = Advice(text)
    return Paragraph("  ", advice.words).lines()
      + (advice.command.map { ["    " + Terminal.line($0)] } ?? [])
  }

  private var passes: [String] {
    report.audit.findings.filter { $0.observation.verdict == .pass }.flatMap { finding in
      let seen = finding.observation
      let subject = seen.message.contains(seen.subject) ? "" : "\(seen.subject): "
      return Paragraph("pass     ", "\(finding.check): \(subject)\(seen.message)")
        .lines(drawing, .fine)
    }
  }

  /// Checks that say nothing, and why: silence must not look like a pass.
  private var silences: [String] {
    let judged = Set(report.audit.findings.map(\.check))
    let idle = report.checks.map(\.id).filter { !judged.contains($0) }
    return [("Not judged: ", idle), ("Left out: ", report.skipped)].flatMap { label, ids in
      ids.isEmpty ? [] : Paragraph(label, ids.joined(separator: ", ")).lines(drawing, .faint)
    }
  }

  private var verdict: [String] {
    let word = report.audit.verdict.rawValue
    let colour: Drawing.Colour =
      switch report.audit.verdict {
      case .pass: .fine
      case .fail: .alarm
      case .unknown: .strong
      }
    let tally = Tally(report.audit.findings)
    return Paragraph("", "\(report.host): \(word): \(tally.words)").lines().map {
      drawing.paint($0, colour)
    }
  }
}
