import Vault

/// The page for an auditor: one host's audit with everything that was seen.
struct AuditPage {
  let document: AuditDocument

  init(_ document: AuditDocument) {
    self.document = document
  }

  var html: HTML {
    let sections = HostSections(document)
    return Page(
      title: "Encryption audit of \(document.subject)",
      body: """
        <header>
        <p class="kind">Encryption audit</p>
        <h1>\(document.subject)</h1>
        <p>\(Page.time(document.time))\(document.version.map { ", esvault \($0)" as HTML })</p>
        \(banner)
        </header>
        <main>
        \(sections.notice)
        \(sections.storage)
        <section>
        <h2>The checks</h2>
        \(sections.checks(withReasons: true))
        </section>
        </main>
        """
    ).html
  }

  private var banner: HTML {
    let sentence: HTML =
      switch document.verdict {
      case .pass: "Every check of severity error or warning passes."
      case .fail: "These checks fail: \(checks(.fail))."
      case .unknown:
        document.audit.findings.isEmpty
          ? "There was nothing to judge. This is no pass."
          : "None fails, but these could not look: \(checks(.unknown)). This is no pass."
      }
    return """
      <div class="banner \(Page.mood(document.verdict))">\(Page.badge(document.verdict)) \(sentence)</div>
      \(HostSections.tiles(Tally(document.audit.findings)))
      """
  }

  /// The checks that count and have found this.
  private func checks(_ verdict: Verdict) -> String {
    var seen: Set<String> = []
    let ids = document.audit.findings.filter { $0.counts && $0.observation.verdict == verdict }
      .map(\.check).filter { seen.insert($0).inserted }
    return ids.joined(separator: ", ")
  }
}
