import Vault

/// The page on many hosts: the worst first, each host's details behind its name.
struct FleetPage {
  let fleet: Fleet
  /// When the audits were joined, as in `2026-11-21T20:45:00Z`.
  let time: String
  let version: String
  private let columns: [Column]

  /// A check that does not pass everywhere.
  private struct Column {
    let id: String
    var failed = 0
    var unknown = 0
  }

  init(_ fleet: Fleet, time: String, version: String) {
    self.fleet = fleet
    self.time = time
    self.version = version
    columns = Self.columns(of: fleet)
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
        \(rest("Not in this report", "could not be joined", fleet.unusable))
        \(rest("Older audits", "do not count", fleet.superseded))
        </header>
        <main>
        \(matrix)
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

  private func rest(_ title: HTML, _ words: HTML, _ files: [Fleet.Rest]) -> HTML? {
    guard !files.isEmpty else { return nil }
    let items = files.map { "<li><code>\($0.file)</code>: \($0.reason)</li>" as HTML }
    return """
      <div class="notice"><b>\(title):</b> \(files.count) \(files.count == 1 ? "file" : "files") \
      that \(words).<ul>\(items)</ul></div>
      """
  }

  private func details(_ host: Fleet.Member, _ index: Int) -> HTML {
    let sections = HostSections(host.audit)
    return """
      <details class="host" id="host-\(index + 1)"\(fleet.hosts.count == 1 ? " open" : "" as HTML)>
      <summary>\(Page.badge(host.audit.verdict)) <b>\(host.audit.host)</b> \
      <span class="tally">\(host.tally.words)</span></summary>
      <p class="label">\(Page.time(host.audit.time))\(host.audit.version.map { ", esvault \($0)" as HTML }), \
      from <code>\(host.file)</code></p>
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

// Hosts and the checks that do not pass on them.
extension FleetPage {
  /// The check that fails most comes first.
  private static func columns(of fleet: Fleet) -> [Column] {
    var columns: [String: Column] = [:]
    for host in fleet.hosts {
      for (id, verdict) in host.verdicts where verdict != .pass {
        if verdict == .fail {
          columns[id, default: Column(id: id)].failed += 1
        } else {
          columns[id, default: Column(id: id)].unknown += 1
        }
      }
    }
    return columns.values.sorted { ($0.failed, $0.unknown, $1.id) > ($1.failed, $1.unknown, $0.id) }
  }

  private var matrix: HTML? {
    guard !columns.isEmpty else { return nil }
    let heads = columns.map { column in
      """
      <th scope="col"><a href="#check-\(column.id)"><span>\(column.id)</span></a></th>
      """ as HTML
    }
    let counts = columns.map { "<td>\($0.failed)</td>" as HTML }
    return """
      <section>
      <h2>Hosts, and the checks that do not pass</h2>
      <p class="legend"><b class="fail">✗</b> fails · <b class="unknown">?</b> could not look · \
      <span class="pass">✓</span> passes · <span class="none">–</span> not made, or nothing to judge</p>
      <div class="wide" tabindex="0" role="region" aria-label="Hosts and checks"><table>
      <thead><tr><th scope="col">host</th>\(heads)</tr>
      <tr class="sum"><th scope="row">hosts that fail</th>\(counts)</tr></thead>
      <tbody>
      \(fleet.hosts.enumerated().map { row($0.element, $0.offset) })</tbody>
      </table></div>
      </section>

      """
  }

  private func row(_ host: Fleet.Member, _ index: Int) -> HTML {
    let verdicts = host.verdicts
    let cells = columns.map { column -> HTML in
      switch verdicts[column.id] {
      case .fail?: "<td class=\"fail\">✗</td>"
      case .unknown?: "<td class=\"unknown\">?</td>"
      case .pass?: "<td class=\"pass\">✓</td>"
      case nil: "<td class=\"none\">–</td>"
      }
    }
    return """
      <tr><th scope="row"><a href="#host-\(index + 1)">\(host.audit.host)</a></th>\(cells)</tr>

      """
  }
}

extension Fleet.Member {
  /// The worst verdict of each check that counts.
  fileprivate var verdicts: [String: Verdict] {
    var verdicts: [String: Verdict] = [:]
    for finding in audit.audit.findings where finding.counts {
      let verdict = finding.observation.verdict
      if let known = verdicts[finding.check], known.rank <= verdict.rank { continue }
      verdicts[finding.check] = verdict
    }
    return verdicts
  }
}
