import FoundationEssentials
import Vault

/// An audit as its JSON document tells it; all that a page shows comes from here.
struct AuditDocument: Sendable {
  let host: String
  /// The disks and images that were looked at in place of the machine.
  let images: [String]
  /// In UTC, as in `2026-11-21T20:45:00Z`.
  let time: String
  let version: String?
  let checks: [Statement]
  let skipped: [String]
  let audit: Audit
  let places: [Place]

  var verdict: Verdict { audit.verdict }

  /// What was audited, for people: the host, or images on it.
  var subject: String {
    switch images.count {
    case 0: host
    case 1: "\(images[0]) on \(host)"
    case let count: "\(count) images on \(host)"
    }
  }

  /// What a check states.
  struct Statement: Decodable, Sendable {
    struct Standard: Decodable, Sendable {
      let name: String
      let title: String
    }
    let id: String
    let severity: Severity
    let statement: String
    let reason: String
    let controls: [Standard]
  }

  /// A place that data goes to. Its kinds are words: a later version may know more of them.
  struct Place: Decodable, Sendable {
    struct Link: Decodable, Sendable {
      let level: Int
      let kind: String
      let name: String
      let detail: String?
      let encrypts: Bool
    }
    let purpose: String
    let path: String
    let origin: String
    let encrypted: Bool?
    let problem: String?
    let chain: [Link]

    fileprivate var isOfData: Bool { purpose == AuditedPlace.Purpose.data.rawValue }
  }

  /// Reads a document.
  ///
  /// - Throws: ``AuditDocumentError``.
  init(parsing bytes: some Sequence<UInt8>) throws {
    do { self = try JSONDecoder().decode(AuditDocument.self, from: Data(bytes)) } catch let error
      as DecodingError
    { throw AuditDocumentError(error) }
  }
}

extension AuditDocument: Decodable {
  private enum Key: String, CodingKey {
    case schema, host, images, time, version, verdict, checks, skipped, findings, places
  }

  /// Members that the first documents of the schema may lack are empty; a verdict that the findings do
  /// not bear out is none.
  init(from decoder: any Decoder) throws {
    guard let members = try? decoder.container(keyedBy: Key.self),
      let schema = try? members.decode(String.self, forKey: .schema)
    else { throw AuditDocumentError.noAudit }
    guard schema == AuditJSON.schema else { throw AuditDocumentError.otherSchema(schema) }
    host = try members.decode(String.self, forKey: .host)
    images = try members.decodeIfPresent([String].self, forKey: .images) ?? []
    time = try members.decode(String.self, forKey: .time)
    version = try members.decodeIfPresent(String.self, forKey: .version)
    checks = try members.decodeIfPresent([Statement].self, forKey: .checks) ?? []
    skipped = try members.decodeIfPresent([String].self, forKey: .skipped) ?? []
    places = try members.decodeIfPresent([Place].self, forKey: .places) ?? []
    audit = Audit(findings: try members.decode([Finding].self, forKey: .findings))
    let verdict = try members.decode(Verdict.self, forKey: .verdict)
    guard !host.isEmpty else { throw AuditDocumentError.invalid("host") }
    guard Clock.time(of: time) != nil else { throw AuditDocumentError.invalid("time") }
    guard verdict == audit.verdict else {
      throw AuditDocumentError.contradiction(verdict, audit.verdict)
    }
    try checkThatItAgreesWithItself()
  }

  /// What a check found, and where the data goes, must be what the rest of the document says.
  private func checkThatItAgreesWithItself() throws(AuditDocumentError) {
    let severities = Dictionary(checks.map { ($0.id, $0.severity) }) { first, _ in first }
    for finding in audit.findings
    where severities[finding.check, default: finding.severity] != finding.severity {
      throw .otherSeverity(check: finding.check)
    }
    let judged = audit.findings.filter { $0.check == Check.dataPath.id }.map(\.observation)
    let failed = Set(judged.filter { $0.verdict == .fail }.map(\.subject))
    for place in places
    where place.isOfData && place.encrypted == false && !judged.isEmpty
      && !failed.contains(place.path)
    {
      throw .concealed(path: place.path)
    }
  }
}

extension Severity: Decodable {}
extension Verdict: Decodable {}

extension Finding: Decodable {
  private enum Key: String, CodingKey {
    case check, severity, verdict, subject, message, advice, evidence
  }

  package init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: Key.self)
    self.init(
      check: try members.decode(String.self, forKey: .check),
      severity: try members.decode(Severity.self, forKey: .severity),
      observation: Observation(
        verdict: try members.decode(Verdict.self, forKey: .verdict),
        subject: try members.decode(String.self, forKey: .subject),
        message: try members.decode(String.self, forKey: .message),
        advice: try members.decodeIfPresent(String.self, forKey: .advice),
        evidence: try members.decodeIfPresent([String].self, forKey: .evidence) ?? []))
  }
}
