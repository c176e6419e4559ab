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

    init(file: String, audit: AuditDocument) {
      self.file = file
      self.audit = audit
      tally = Tally(audit.audit.findings)
      sortedName = Self.sorted(audit.subject)
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
  /// Audits of a host of which there is a newer one.
  let superseded: [Rest]

  init(_ files: [(file: String, content: Result<AuditDocument, any Error>)]) {
    var members: [Member] = []
    var unusable: [Rest] = []
    for (file, content) in files {
      switch content {
      case .success(let audit): members.append(Member(file: file, audit: audit))
      case .failure(let error): unusable.append(Rest(file: file, reason: "\(error)"))
      }
    }
    let ofHost = Dictionary(grouping: members) { [$0.audit.host] + $0.audit.images }.values
      .map { $0.sorted(by: Self.isNewer) }
    hosts = ofHost.map { $0[0] }.sorted(by: Self.isWorse)
    superseded = ofHost.flatMap { audits in
      audits.dropFirst().map { Rest(file: $0.file, reason: Self.reason($0.audit, audits[0].audit)) }
    }.sorted { $0.file < $1.file }
    self.unusable = unusable
  }

  /// Of two of the same time the worse counts. Texts of times in this form are in the order of time.
  private static func isNewer(_ a: Member, _ b: Member) -> Bool {
    (a.audit.time, b.audit.verdict.rank) > (b.audit.time, a.audit.verdict.rank)
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

  private static func reason(_ old: AuditDocument, _ new: AuditDocument) -> String {
    let other = old.time == new.time ? "another audit of the same time" : "a newer audit"
    return
      "'\(old.subject)' has \(other); this one, of \(old.time), says '\(old.verdict.rawValue)'"
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
