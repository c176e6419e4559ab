import Vault

/// The hosts that do not pass, and the checks that do not pass on them.
struct FleetMatrix {
  private let fleet: Fleet
  private let columns: [Column]

  /// A check that does not pass everywhere.
  private struct Column {
    let id: String
    var failed = 0
    var unknown = 0
  }

  init(_ fleet: Fleet) {
    self.fleet = fleet
    columns = Self.columns(of: fleet)
  }

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

  var html: HTML? {
    guard !columns.isEmpty else { return nil }
    let heads = columns.map { column in
      """
      <th scope="col"><a href="#check-\(column.id)"><span>\(column.id)</span></a></th>
      """ as HTML
    }
    // The worst come first, so that these are the first of all hosts.
    let problems = fleet.hosts.enumerated().filter { $0.element.audit.verdict != .pass }
    let count = fleet.count(.pass)
    let passing: HTML? =
      count == 0 ? nil : "<p>\(count == 1 ? "1 host passes" : "\(count) hosts pass").</p>"
    let counts = columns.map { "<td>\($0.failed)</td>" as HTML }
    return """
      <section>
      <h2>Hosts that do not pass, and the checks</h2>
      <p class="legend"><b class="fail">✗</b> fails · <b class="unknown">?</b> could not look · \
      <span class="pass">✓</span> passes · <span class="none">–</span> not made, or nothing to judge</p>
      <div class="wide" tabindex="0" role="region" aria-label="Hosts and checks"><table>
      <thead><tr><th scope="col">host</th>\(heads)</tr>
      <tr class="sum"><th scope="row">hosts that fail</th>\(counts)</tr></thead>
      <tbody>
      \(problems.map { row($0.element, $0.offset) })</tbody>
      </table></div>
      \(passing)
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
      <tr><th scope="row"><a href="#host-\(index + 1)">\(host.audit.subject)</a></th>\(cells)</tr>

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
