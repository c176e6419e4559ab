import Testing
import Vault

@testable import esvault

/// The JSON document of an audit, written and read.
@Suite struct AuditDocumentTests {
  @Test func everyVerdictFollowsTheSchema() throws {
    // A key's place is judged with its volume, and stands in no list.
    let everything = AuditedPlace.Purpose.allCases.filter { $0 != .key }.map { purpose in
      AuditedPlace(
        purpose: purpose, path: "/p", origin: "o", isEncrypted: nil,
        chain: AuditedPlace.Link.Kind.allCases.map { .init(level: 0, kind: $0, name: "n") })
    }
    let infos = [Audits.finding("foreign-keyslots", .fail("s", "m", advice: "Do it."))]
    for findings in [Audits.passes, Audits.failures, Audits.unknowns, infos, []] {
      let report = Audits.report(findings, skipped: ["gate"], places: Audits.places + everything)
      try expect(AuditJSON.document(report).text, follows: "audit-v1")
    }
  }

  @Test func whatTheProgramPrintsFollowsTheSchema() throws {
    let scratch = try Scratch()
    let configuration = """
      version: 1
      volumes:
        - {name: a, device: vol-of-nobody, uuid: 11111111-7d0e-4f0e-9c1b-0d6f2a9b1c11}

      """
    let path = try scratch.file("c.yml", Array(configuration.utf8))
    for outcome in [
      try Tool.run("audit", "--format", "json", "--config", path),
      try Tool.runAsNobody("audit", "--format", "json", "--check", "luks2"),
    ] {
      try expect(outcome.output, follows: "audit-v1")
      let document = try AuditDocument(parsing: outcome.output.utf8)
      #expect(outcome.status == [.pass: 0, .fail: 3, .unknown: 1][document.verdict])
    }
  }

  @Test func whatWasWrittenIsRead() throws {
    for findings in [Audits.passes, Audits.failures, Audits.unknowns, []] {
      let report = Audits.report(findings, host: Audits.hostile, skipped: ["gate"])
      let document = try AuditDocument(parsing: AuditJSON.document(report).text.utf8)
      #expect(document.audit == report.audit && document.verdict == report.audit.verdict)
      #expect(document.host == Audits.hostile && document.time == report.time)
      #expect(document.version == "0.1.0" && document.skipped == ["gate"])
      #expect(document.checks.map(\.id) == Audits.checks.map(\.id))
      #expect(document.places.map(\.path) == Audits.places.map(\.path))
      #expect(document.places.map(\.encrypted) == Audits.places.map(\.isEncrypted))
    }
  }

  private static let start =
    #""schema":"esvault/audit/v1","host":"h","time":"2026-11-21T20:45:00Z","#

  @Test func aDocumentOfTheFixedMembersIsEnough() throws {
    let finding =
      #"{"check":"swap","severity":"error","verdict":"pass","subject":"s","message":"m","advice":null}"#
    let text = #"{\#(Self.start)"verdict":"pass","findings":[\#(finding)],"more":1}"#
    let document = try AuditDocument(parsing: text.utf8)
    #expect(document.verdict == .pass && document.places.isEmpty && document.version == nil)
  }

  @Test(
    arguments: [
      ("", .notJSON), ("{", .notJSON), (#"{"schema":"esvault/audit/v1","host":"#, .notJSON),
      ("\u{FEFF}no", .notJSON), ("[]", .noAudit), ("7", .noAudit), ("{}", .noAudit),
      (#"{"schema":7}"#, .noAudit),
      (#"{"schema":"esvault/audit/v2"}"#, .otherSchema("esvault/audit/v2")),
      (#"{"schema":"esvault/status/v1","volumes":[]}"#, .otherSchema("esvault/status/v1")),
      (#"{"schema":"esvault/audit/v1","time":"t"}"#, .invalid("host")),
      (#"{\#(start)"verdict":"pass"}"#, .invalid("findings")),
      (#"{\#(start)"verdict":"perfect","findings":[]}"#, .invalid("verdict")),
      (#"{\#(start)"verdict":"pass","findings":[{"check":7}]}"#, .invalid("findings[0].check")),
      (#"{\#(start)"verdict":"unknown","findings":[],"places":{}}"#, .invalid("places")),
      (#"{\#(start)"verdict":"pass","findings":[]}"#, .contradiction(.pass, .unknown)),
    ] as [(String, AuditDocumentError)])
  func whatIsNoAuditIsRefused(_ text: String, _ error: AuditDocumentError) {
    #expect(throws: error) { try AuditDocument(parsing: text.utf8) }
  }

  @Test(arguments: [
    "", "yesterday", "2026-11-21", "2026-11-21T20:45:00", "2026-11-21T20:45:00Z ",
    "2026-02-30T20:45:00Z", "2026-11-21T25:45:00Z", "2026-11-21 20:45:00Z",
    "12026-11-21T20:45:00Z", "2026-11-21T20:45:00+01:00", "９026-11-21T20:45:00Z",
  ])
  func whatIsNoTimeIsRefused(_ time: String) {
    let text =
      #"{"schema":"esvault/audit/v1","host":"h","time":"\#(time)","verdict":"unknown","findings":[]}"#
    #expect(throws: AuditDocumentError.invalid("time")) { try AuditDocument(parsing: text.utf8) }
  }

  @Test func aTimeIsReadAsItIsWritten() {
    #expect(Clock.time(of: "1970-01-01T00:00:00Z") == 0)
    #expect(Clock.time(of: "2026-11-21T20:45:00Z") == 1_795_293_900)
    #expect(Clock.text(of: 1_795_293_900) == "2026-11-21T20:45:00Z")
  }

  @Test func aFailureThatSomebodyCalledAPassIsNotBelieved() throws {
    let text = AuditJSON.document(Audits.report(Audits.failures)).text
    var members = try #require(JSON(parsing: text)?.members)
    members["verdict"] = .string("pass")
    #expect(throws: AuditDocumentError.contradiction(.pass, .fail)) {
      try AuditDocument(parsing: JSON.object(members).text.utf8)
    }
  }

  @Test func aFindingIsOfItsChecksSeverity() throws {
    var findings = Audits.failures
    findings[1].severity = .info
    findings[2].severity = .info
    #expect(throws: AuditDocumentError.otherSeverity(check: "swap")) {
      try Audits.document(findings)
    }
  }

  @Test func aPathInTheClearIsFoundByItsCheck() throws {
    var place = Audits.encryptedPlace
    place.isEncrypted = false
    let path = place.path
    #expect(throws: AuditDocumentError.concealed(path: path)) {
      try Audits.document(Audits.passes, places: [place])
    }
    let fail = Audits.finding("data-path", .fail(path, "m", advice: "Do it."))
    let other = Audits.finding("data-path", .fail("/other", "m", advice: "Do it."))
    #expect(throws: AuditDocumentError.concealed(path: path)) {
      try Audits.document(Audits.passes + [other], places: [place])
    }
    // Where the check says so, or was not made, nothing is hidden.
    for findings in [[fail], Audits.unknowns] {
      #expect(try Audits.document(findings, places: [place]).places.count == 1)
    }
  }

  @Test func whatCannotBePrintedIsWrittenInNumbers() {
    let name = "a\u{202E}\u{9B}\u{E0041}\u{1B}\n"
    let text = JSON.string(name).text
    #expect(text == #""a\u202e\u009b\udb40\udc41\u001b\n""#)
    #expect(JSON(parsing: text) == .string(name))
  }

  @Test func nothingThatIsCutOffIsAnAudit() {
    let text = Array(AuditJSON.document(Audits.report(Audits.failures)).text.utf8)
    for length in 0..<text.count {
      #expect(throws: AuditDocumentError.notJSON) { try AuditDocument(parsing: text[..<length]) }
    }
  }
}

extension JSON {
  fileprivate var members: [String: JSON]? {
    if case .object(let members) = self { members } else { nil }
  }
}
