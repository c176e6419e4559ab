import Vault

/// The audits of many hosts, joined.
struct Fleet: Sendable {
  /// An audit, and the file that it came from.
  struct Member: Sendable {
    let file: String
    let audit: AuditDocument
    let tally: Tally
    /// The host's name, with its numbers in a form that sorts by value: web-2 comes before web-10.
    fileprivate let sortedName: String
    /// The ids of the checks that were made.
    private let checks: Set<String>

    init(file: String, audit: AuditDocument) {
      self.file = file
      self.audit = audit
      tally = Tally(audit.audit.findings)
      sortedName = Self.sorted(audit.subject)
      checks = Set(audit.checks.map(\.id) + audit.audit.findings.map(\.check))
    }

    /// Whether it says anew all that another audit of the host has said. An audit of a few checks does
    /// not: it must not hide what the others have found.
    ///
    /// Texts of times in this form are in the order of time.
    fileprivate func supersedes(_ other: Member) -> Bool {
      audit.time > other.audit.time && checks.isSuperset(of: other.checks)
    }

    /// Whether it counts before another audit of the host, none of which supersedes the other.
    fileprivate func countsBefore(_ other: Member) -> Bool {
      (audit.verdict.rank, -checks.count, other.audit.time)
        < (other.audit.verdict.rank, -other.checks.count, audit.time)
    }

    private static func sorted(_ name: String) -> String {
      var text = ""
      var digits = ""
      for character in name + " " {
        if character.isASCII, character.isNumber {
          digits.append(character)
        } else {
          text += String(repeating: "0", count: digits.isEmpty ? 0 : max(0, 20 - digits.count))
          text += digits + String(character)
          digits = ""
        }
      }
      return text
    }
  }

  /// A file that does not count, and why.
  struct Rest: Equatable, Sendable {
    let file: String
    let reason: String
  }

  /// One for each host, the worst first. An audit of images is one of its own: it says nothing of the
  /// machine that looked at them.
  let hosts: [Member]
  /// Files that could not be joined.
  let unusable: [Rest]
  /// Audits of a host of which another one counts.
  let superseded: [Rest]

  /// How far a host's clock may be ahead of ours, in seconds.
  private static let tolerance = 600

  /// - Parameter now: in seconds since 1970. An audit of the future would count for ever.
  init(_ files: [(file: String, content: Result<AuditDocument, any Error>)], at now: Int) {
    var members: [Member] = []
    var unusable: [Rest] = []
    let latest = Clock.text(of: now + Self.tolerance)
    for (file, content) in files {
      switch content {
      case .success(let audit) where audit.time > latest:
        unusable.append(Rest(file: file, reason: "its time lies in the future"))
      case .success(let audit): members.append(Member(file: file, audit: audit))
      case .failure(let error): unusable.append(Rest(file: file, reason: "\(error)"))
      }
    }
    let ofHost = Dictionary(grouping: members) { [$0.audit.host] + $0.audit.images.sorted() }.values
      .map(Self.inOrder)
    hosts = ofHost.map { $0[0] }.sorted(by: Self.isWorse)
    superseded = ofHost.flatMap { audits in
      audits.dropFirst().map { Rest(file: $0.file, reason: Self.reason($0.audit, audits[0].audit)) }
    }.sorted { $0.file < $1.file }
    self.unusable = unusable
  }

  /// The audits of one host, first the one that counts: of those that no other supersedes the worst.
  private static func inOrder(_ audits: [Member]) -> [Member] {
    audits.sorted { $0.countsBefore($1) }
      .sorted(by: { audit in audits.contains { $0.supersedes(audit) } ? 1 : 0 })
  }

  private static func isWorse(_ a: Member, _ b: Member) -> Bool {
    func rank(_ member: Member) -> (Int, Int, Int, Int, String) {
      let tally = member.tally
      return (
        member.audit.verdict.rank, -tally.errors, -tally.warnings, -tally.unknown, member.sortedName
      )
    }
    return rank(a) < rank(b)
  }

  private static func reason(_ rest: AuditDocument, _ counting: AuditDocument) -> String {
    let other =
      if rest.time == counting.time {
        "another audit of the same time"
      } else if rest.time < counting.time {
        "a newer audit"
      } else {
        "an older audit of checks that this one leaves out"
      }
    return
      "'\(rest.subject)' has \(other); this one, of \(rest.time), says '\(rest.verdict.rawValue)'"
  }

  /// A failure beats what is unknown, on one host as in the whole fleet.
  var verdict: Verdict {
    // The worst comes first.
    hosts.first?.audit.verdict ?? .unknown
  }

  func count(_ verdict: Verdict) -> Int { hosts.count { $0.audit.verdict == verdict } }
}

extension Verdict {
  /// 0 is the worst.
  var rank: Int {
    switch self {
    case .fail: 0
    case .unknown: 1
    case .pass: 2
    }
  }
}
