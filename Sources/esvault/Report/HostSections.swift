import Vault

/// What a page tells of one host; the same for an audit's own page and in a fleet's.
struct HostSections {
  private let document: AuditDocument

  init(_ document: AuditDocument) {
    self.document = document
  }

  static func tiles(_ tally: Tally) -> HTML {
    Page.tiles([
      (tally.errors, tally.errors == 1 ? "error" : "errors"),
      (tally.warnings, tally.warnings == 1 ? "warning" : "warnings"), (tally.unknown, "unknown"),
      (tally.remarks, "to know"), (tally.passed, "passed"),
    ])
  }

  /// Checks that were left out: their silence must not look like a pass.
  var notice: HTML? {
    guard !document.skipped.isEmpty else { return nil }
    let count = document.skipped.count
    return """
      <p class="notice"><b>\(count) \(count == 1 ? "check was" : "checks were") left out</b> \
      by whoever ran this audit: \(document.skipped.map { "<code>\($0)</code> " as HTML })</p>

      """
  }

  var storage: HTML? {
    guard !document.places.isEmpty else { return nil }
    return """
      <section>
      <h2>Where the data goes</h2>
      \(StorageDrawing.figures(document.places))</section>

      """
  }

  /// Every check with what it found, the worst first; also those that had nothing to judge.
  ///
  /// - Parameter withReasons: say of each why it matters; a fleet's page says so once for all hosts.
  func checks(withReasons: Bool) -> HTML {
    let found = Dictionary(grouping: document.audit.findings, by: \.check)
    let stated = Dictionary(document.checks.map { ($0.id, $0) }) { first, _ in first }
    var seen: Set<String> = []
    let ids = (document.checks.map(\.id) + document.audit.findings.map(\.check))
      .filter { seen.insert($0).inserted }
    let cards = ids.map {
      CheckCard($0, stated[$0], findings: found[$0] ?? [], withReason: withReasons)
    }
    return "\(cards.sorted(by: \.urgency).map(\.html))"
  }
}
