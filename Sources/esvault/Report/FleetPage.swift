import Vault

/// The page on many hosts: the worst first, each host's details behind its name.
struct FleetPage {
  let fleet: Fleet
  /// When the audits were joined, as in `2026-11-21T20:45:00Z`.
  let time: String
  let version: String

  init(_ fleet: Fleet, time: String, version: String) {
    self.fleet = fleet
    self.time = time
    self.version = version
  }

  var html: HTML {
    Page(
      title: "Encryption audit of \(hosts)",
      body: """
        <header>
        <p class="kind">Encryption audit</p>
        <h1>\(hosts)</h1>
        <p>Joined \(Page.time(time)), esvault \(version)\(span)</p>
        \(banner)
        \(rest("Not in this report, for they could not be joined", fleet.unusable))
        \(partial)
        \(rest("Left out, for another audit of the host is newer or worse", fleet.superseded))
        </header>
        <main>
        \(FleetMatrix(fleet).html)
        <section>
        <h2>The hosts, the worst first</h2>
        <p class="legend screen">Select a host to see everything that was found there. What is open \
        here is printed.</p>
        \(fleet.hosts.enumerated().map { details($0.element, $0.offset) })
        </section>
        \(statements)
        </main>
        """
    ).html
  }

  private var hosts: String { fleet.hosts.count == 1 ? "1 host" : "\(fleet.hosts.count) hosts" }

  /// From the oldest audit to the newest.
  private var span: HTML? {
    let times = fleet.hosts.map(\.audit.time)
    guard let first = times.min(), let last = times.max() else { return nil }
    return first == last
      ? ". Audited \(Page.time(first))"
      : ". Audited from \(Page.time(first)) to \(Page.time(last))"
  }

  private var banner: HTML {
    let (failed, unknown) = (fleet.count(.fail), fleet.count(.unknown))
    let sentence: HTML =
      switch fleet.verdict {
      case .pass: "Every host passes."
      case .fail: "\(failed) of \(hosts) \(failed == 1 ? "fails" : "fail")."
      case .unknown where fleet.hosts.isEmpty: "No audit could be joined. This is no pass."
      case .unknown: "None fails, but \(unknown) of \(hosts) could not be judged. This is no pass."
      }
    return """
      <div class="banner \(Page.mood(fleet.verdict))">\(Page.badge(fleet.verdict)) \(sentence)</div>
      \(Page.tiles([(failed, "failed"), (unknown, "unknown"), (fleet.count(.pass), "passed")]))
      """
  }

  /// A host that passes with half of the checks must not look like one that passes with all.
  private var partial: HTML? {
    let count = fleet.hosts.count { !$0.audit.skipped.isEmpty }
    guard count > 0 else { return nil }
    return """
      <p class="notice"><b>Checks were left out on \(count == 1 ? "1 host" : "\(count) hosts")</b> \
      by whoever ran the audits; the hosts below say which.</p>

      """
  }

  private func rest(_ title: HTML, _ files: [Fleet.Rest]) -> HTML? {
    guard !files.isEmpty else { return nil }
    let items = files.map { "<li><code>\($0.file)</code>: \($0.reason)</li>" as HTML }
    return """
      <div class="notice"><b>\(title): \(files.count) \(files.count == 1 ? "file" : "files")</b>\
      <ul>\(items)</ul></div>

      """
  }

  /// A link to what is inside opens the details.
  private func details(_ host: Fleet.Member, _ index: Int) -> HTML {
    let sections = HostSections(host.audit)
    let skipped = host.audit.skipped.count
    let leftOut: HTML? = skipped == 0 ? nil : ", \(skipped) left out"
    return """
      <details class="host"\(fleet.hosts.count == 1 ? " open" : "" as HTML)>
      <summary>\(Page.badge(host.audit.verdict)) <b>\(host.audit.subject)</b> \
      <span class="tally">\(host.tally.words)\(leftOut)</span></summary>
      <p class="label" id="host-\(index + 1)">\(Page.time(host.audit.time))\
      \(host.audit.version.map { ", esvault \($0)" as HTML }), from <code>\(host.file)</code></p>
      \(sections.notice)
      \(sections.checks(withReasons: false))
      \(sections.storage)
      </details>

      """
  }

  /// What the checks state, once for all hosts, in the words of the newest audit that knows them.
  private var statements: HTML? {
    var seen: Set<String> = []
    let all = fleet.hosts.map(\.audit).sorted { $0.time > $1.time }.flatMap(\.checks)
      .filter { seen.insert($0.id).inserted }
    guard !all.isEmpty else { return nil }
    let items = all.map { check in
      """
      <article class="check idle" id="check-\(check.id)">
      <h3>\(check.statement)</h3>
      <p class="label"><code>\(check.id)</code>, severity \(check.severity.rawValue)</p>
      \(CheckCard.reason(check))
      </article>

      """ as HTML
    }
    return """
      <section>
      <h2>What the checks state</h2>
      \(items)</section>

      """
  }
}
