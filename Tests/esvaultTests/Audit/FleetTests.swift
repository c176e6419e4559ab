import Foundation
import Testing
import Vault

@testable import esvault

/// The audits of many hosts, joined.
@Suite struct FleetTests {
  private func fleet(_ audits: (String, Result<AuditDocument, any Error>)...) -> Fleet {
    Fleet(audits.map { (file: $0.0, content: $0.1) }, at: Audits.now)
  }

  private func audit(
    _ findings: [Finding], _ host: String, _ time: String = "2026-11-21T20:45:00Z"
  ) throws -> Result<AuditDocument, any Error> {
    .success(try Audits.document(findings, host: host, time: time))
  }

  @Test func theWorstHostComesFirst() throws {
    let warning = [Audits.finding("log-path", .fail("s", "m", advice: "Do it."))]
    let joined = fleet(
      ("1", try audit(Audits.passes, "a")), ("2", try audit(Audits.unknowns, "b")),
      ("3", try audit(warning, "c")), ("4", try audit(Audits.failures, "web-10")),
      ("5", try audit(Audits.failures, "web-9")), ("6", try audit([], "d")))
    #expect(joined.hosts.map(\.audit.host) == ["web-9", "web-10", "c", "b", "d", "a"])
    #expect(joined.verdict == .fail)
    #expect(joined.count(.fail) == 3 && joined.count(.unknown) == 2 && joined.count(.pass) == 1)
  }

  @Test func theVerdictIsTheWorst() throws {
    let (pass, unknown) = (try audit(Audits.passes, "a"), try audit(Audits.unknowns, "b"))
    #expect(fleet(("1", pass)).verdict == .pass)
    #expect(fleet(("1", pass), ("2", unknown)).verdict == .unknown)
    #expect(fleet().verdict == .unknown)
    #expect(fleet(("1", .failure(AuditDocumentError.notJSON))).verdict == .unknown)
  }

  @Test func theNewestAuditOfAHostCountsAndTheOtherIsNamed() throws {
    let old = try audit(Audits.failures, "a", "2026-11-20T20:45:00Z")
    let new = try audit(Audits.passes, "a", "2026-11-21T00:00:00Z")
    for joined in [fleet(("old", old), ("new", new)), fleet(("new", new), ("old", old))] {
      #expect(joined.hosts.map(\.file) == ["new"] && joined.verdict == .pass)
      #expect(
        joined.superseded == [
          .init(
            file: "old",
            reason: "'a' has a newer audit; this one, of 2026-11-20T20:45:00Z, says 'fail'")
        ])
    }
  }

  @Test func ofTwoAuditsOfOneTimeTheWorseCounts() throws {
    let (pass, fail) = (try audit(Audits.passes, "a"), try audit(Audits.failures, "a"))
    for joined in [fleet(("p", pass), ("f", fail)), fleet(("f", fail), ("p", pass))] {
      #expect(joined.hosts.map(\.file) == ["f"] && joined.superseded.map(\.file) == ["p"])
    }
  }

  /// Of an audit of all the checks, and a newer one of some of them.
  @Test(arguments: [
    (Audits.failures, Audits.passes, "all"), (Audits.unknowns, Audits.passes, "all"),
    (Audits.failures, Audits.unknowns, "all"), (Audits.passes, Audits.passes, "all"),
    (Audits.passes, Audits.failures, "some"), (Audits.passes, Audits.unknowns, "some"),
  ])
  func anAuditOfSomeChecksHidesNoneOfAll(
    _ all: [Finding], _ some: [Finding], _ counting: String
  ) throws {
    let report = Audits.report(some, host: "a", time: "2026-11-22T00:00:00Z")
    let document = AuditReport(
      host: report.host, images: [], time: report.time, version: report.version,
      checks: Audits.checks.filter { check in some.contains { $0.check == check.id } },
      skipped: [], audit: report.audit, places: [])
    let new = try AuditDocument(parsing: AuditJSON.document(document).text.utf8)
    let joined = fleet(("all", try audit(all, "a")), ("some", .success(new)))
    #expect(joined.hosts.map(\.file) == [counting])
    #expect(joined.superseded.map(\.file) == [counting == "all" ? "some" : "all"])
    let reason = joined.superseded[0].reason
    #expect(reason.contains("checks that this one leaves out") == (counting == "all"))
    // What all checks say anew hides both.
    let whole = try audit(Audits.passes, "a", "2026-11-22T12:00:00Z")
    let last = fleet(("all", try audit(all, "a")), ("some", .success(new)), ("new", whole))
    #expect(last.hosts.map(\.file) == ["new"] && last.superseded.count == 2)
  }

  @Test func anAuditOfTheFutureCannotBeJoined() throws {
    // Ten minutes after now, and a second more.
    let (soon, later) = ("2026-11-23T00:10:00Z", "2026-11-23T00:10:01Z")
    let joined = fleet(
      ("soon", try audit(Audits.passes, "a", soon)), ("late", try audit(Audits.passes, "a", later)))
    #expect(joined.hosts.map(\.file) == ["soon"] && joined.superseded.isEmpty)
    #expect(joined.unusable == [.init(file: "late", reason: "its time lies in the future")])
  }

  @Test func theOrderOfImagesDoesNotMatter() throws {
    func audit(_ images: [String], _ findings: [Finding]) throws -> Result<AuditDocument, any Error>
    {
      .success(try Audits.document(findings, host: "a", images: images))
    }
    let joined = fleet(
      ("1", try audit(["/x", "/y"], Audits.passes)),
      ("2", try audit(["/y", "/x"], Audits.failures)),
      ("3", try audit(["/y"], Audits.passes)))
    #expect(joined.hosts.map(\.file) == ["2", "3"] && joined.superseded.map(\.file) == ["1"])
  }

  @Test func anAuditOfImagesIsNoneOfTheMachine() throws {
    let image = try Audits.document(
      Audits.passes, host: "a", images: ["/backup/1.img"], time: "2026-11-22T00:00:00Z")
    let joined = fleet(("m", try audit(Audits.failures, "a")), ("i", .success(image)))
    #expect(joined.hosts.map(\.audit.subject) == ["a", "/backup/1.img on a"])
    #expect(joined.verdict == .fail && joined.superseded.isEmpty)
  }

  // MARK: The command

  private func write(_ scratch: Scratch, _ name: String, _ findings: [Finding], _ host: String)
    throws -> String
  {
    // Of the past, whatever the clock of the machine says.
    let report = Audits.report(findings, host: host, time: "2020-11-21T20:45:00Z")
    let text = AuditJSON.document(report).text
    return try scratch.file(name, Array(text.utf8))
  }

  @Test func theStatusIsTheWorstVerdicts() throws {
    let scratch = try Scratch()
    let pass = try write(scratch, "pass.json", Audits.passes, "a")
    let fail = try write(scratch, "fail.json", Audits.failures, "b")
    let unknown = try write(scratch, "unknown.json", Audits.unknowns, "c")
    let page = scratch.path + "/report.html"
    for (files, status) in [
      ([pass], 0), ([unknown], 1), ([pass, unknown], 1), ([pass, unknown, fail], 3),
    ] as [([String], Int32)] {
      let outcome = try Tool.run(["report"] + files + ["--output", page])
      #expect(outcome.status == status && outcome.text.isEmpty, "\(outcome.text)")
      let text = try String(contentsOfFile: page, encoding: .utf8)
      #expect(text.contains("<h1>\(files.count) host\(files.count == 1 ? "" : "s")</h1>"))
    }
    #expect(try Tool.run("report", pass).output.hasPrefix("<!DOCTYPE html>\n"))
  }

  @Test func aFileThatIsNoAuditIsNamedAndTheOthersAreJoined() throws {
    let scratch = try Scratch()
    let pass = try write(scratch, "pass.json", Audits.passes, "a")
    let whole = try Data(contentsOf: URL(fileURLWithPath: pass))
    let bad = [
      (try scratch.file("cut.json", Array(whole.dropLast(9))), "it is not a whole JSON document"),
      (
        try scratch.file("v2.json", Array(#"{"schema":"esvault/audit/v2"}"#.utf8)),
        "it follows 'esvault/audit/v2', not 'esvault/audit/v1'"
      ),
      (try scratch.file("a<b>.json", Array("[]".utf8)), "it is not the JSON of an audit"),
      (scratch.path, "could not read '\(scratch.path)': Is a directory"),
      (scratch.path + "/gone", "could not read '\(scratch.path)/gone': No such file or directory"),
      ("/dev/zero", "could not read '/dev/zero': Operation not supported"),
    ]
    let page = scratch.path + "/report.html"
    let fail = try write(scratch, "fail.json", Audits.failures, "b")
    for others in [[pass], [pass, fail]] {
      let outcome = try Tool.run(["report"] + bad.map(\.0) + others + ["--output", page])
      #expect(outcome.status == 1 && outcome.output.isEmpty)
      let lines = bad.map { "esvault: could not join '\($0.0)': \($0.1)\n" }
      #expect(outcome.errors == lines.joined())
      let text = try String(contentsOfFile: page, encoding: .utf8)
      #expect(text.contains("could not be joined: 6 files</b>"))
      #expect(text.contains("a&lt;b&gt;.json</code>: it is not the JSON of an audit"))
      #expect(text.contains(">✓ passed</span> <b>a</b>"))
    }
  }

  @Test func anAuditThatDoesNotCountIsNamed() throws {
    let scratch = try Scratch()
    let one = try write(scratch, "1.json", Audits.passes, "a")
    let two = try write(scratch, "2.json", Audits.failures, "a")
    let outcome = try Tool.run("report", one, two, "--output", scratch.path + "/r.html")
    #expect(outcome.status == 3)
    #expect(
      outcome.errors == """
        note: '\(one)' is left out: 'a' has another audit of the same time; this one, of 2020-11-21T20:45:00Z, says 'pass'

        """)
    let text = try String(contentsOfFile: scratch.path + "/r.html", encoding: .utf8)
    #expect(text.contains("is newer or worse: 1 file</b>"))
  }

  @Test func aWrongCommandLineIs64() throws {
    #expect(try Tool.run("report").status == 64)
    #expect(try Tool.run("report", "--output", "r.html").status == 64)
  }

  @Test func aFileThatIsReadIsNeverReplaced() throws {
    let scratch = try Scratch()
    let fail = try write(scratch, "fail.json", Audits.failures, "a")
    let before = try String(contentsOfFile: fail, encoding: .utf8)
    for path in [fail, scratch.path + "/./fail.json"] {
      let outcome = try Tool.run("report", fail, "--output", path)
      #expect(outcome.status == 2 && outcome.output.isEmpty)
      #expect(
        outcome.errors == """
          esvault: refused: the file to write, '\(path)', is one to read, '\(fail)'
            Name another file with --output.

          """)
    }
    #expect(try String(contentsOfFile: fail, encoding: .utf8) == before)
  }

  @Test func aNameForgesNoLineOfItsOwn() throws {
    let outcome = try Tool.run("report", "/none\nesvault: all is well\u{202E}")
    let name = "/none?esvault: all is well?"
    let line = "esvault: could not join '\(name)': could not read '\(name)': "
    #expect(outcome.errors == line + "No such file or directory\n")
  }

  @Test func whatIsNoRegularFileIsNeverReplaced() throws {
    let scratch = try Scratch()
    let pass = try write(scratch, "pass.json", Audits.passes, "a")
    let outcome = try Tool.run("report", pass, "--output", "/dev/null")
    #expect(outcome.status == 1)
    #expect(
      outcome.errors == """
        esvault: could not write '/dev/null': it is not a regular file
          Name a file, or leave --output out to write to standard output.

        """)
  }
}
