import Testing
import Vault

@testable import esvault

/// The pages, as text; how they look, ``BrowserTests`` finds out.
@Suite struct AuditPageTests {
  private func page(_ findings: [Finding], skipped: [String] = []) throws -> String {
    AuditPage(try Audits.document(findings, skipped: skipped)).html.text
  }

  @Test func foreignTextIsNeverMarkup() {
    let (hostile, parts) = ("<>&\"'", ["x", "<i>\("<")</i>"] as [HTML])
    let markup: HTML = "<b title=\"\(hostile)\">\(parts)\(7)</b>"
    #expect(markup.text == "<b title=\"&lt;&gt;&amp;&quot;&#39;\">x<i>&lt;</i>7</b>")
    let text: HTML = "\("a\u{0}\u{1B}\u{9B}\u{202E}\u{2066}b\nc–ü")"
    #expect(text.text == "a\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}b\nc–ü")
  }

  @Test func everythingThatWasSeenIsOnThePage() throws {
    let text = try page(Audits.failures, skipped: ["gate"])
    for finding in Audits.failures {
      let seen = finding.observation
      for words in [seen.subject, seen.message] + seen.evidence {
        #expect(text.contains(("\(words)" as HTML).text), "\(words)")
      }
    }
    for check in Audits.checks {
      #expect(text.contains(("\(check.statement)" as HTML).text))
      #expect(text.contains(("\(check.reason)" as HTML).text))
    }
    #expect(text.contains("<code>swapoff /swapfile</code>"))
    #expect(text.contains("NIST SP 800-53 Rev. 5, SC-28(1)"))
    #expect(text.contains("1 check was</b>") || text.contains("<b>1 check was left out</b>"))
    #expect(text.contains("2026-11-21 20:45:00 UTC"))
    for limit in AuditLimits.all { #expect(text.contains(("\(limit)" as HTML).text)) }
  }

  @Test func theVerdictIsSaidInWords() throws {
    #expect(try page(Audits.passes).contains("Every check of severity error or warning passes."))
    #expect(try page(Audits.failures).contains("These checks fail: swap, log-path."))
    #expect(
      try page(Audits.unknowns).contains(
        "None fails, but these could not look: luks2. This is no pass."))
    #expect(try page([]).contains("There was nothing to judge. This is no pass."))
  }

  @Test func nothingIsLoadedFromElsewhere() throws {
    let fleet = FleetPage(try Audits.fleet(3), time: "2026-11-22T06:00:00Z", version: "0.1.0")
    for text in [try page(Audits.failures), fleet.html.text] {
      #expect(text.contains("default-src 'none'"))
      for word in ["<script", "<link", "<img", "<iframe", "http:", "https:", "url(", "@import"] {
        #expect(!text.contains(word), "\(word)")
      }
    }
  }

  @Test func whatStandsBelowTheEncryptionHoldsCiphertextOnly() throws {
    let text = StorageDrawing.figures(try Audits.document([]).places).text
    let figures = text.split(separator: "<figure>").dropFirst()
    let counts = figures.map { figure in
      ["encrypts", "ciphertext only", "in the clear", "no disk"].map { word in
        figure.split(separator: "<ol", maxSplits: 1)[1].ranges(of: "\(word)</span>").count
      }
    }
    #expect(counts == [[1, 2, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 0, 0]])
  }

  @Test func noChainIsTooDeepOrTooCrooked() {
    func text(_ levels: [Int]) -> String {
      let chain = levels.map {
        AuditDocument.Place.Link(level: $0, kind: "disk", name: "n", detail: nil, encrypts: false)
      }
      let place = AuditDocument.Place(
        purpose: "", path: "", origin: "", encrypted: false, problem: nil, chain: chain)
      return StorageDrawing.figures([place]).text
    }
    for levels in [
      [], [5, 3, -1, Int.min, Int.max, 0], Array(0..<5000), Array(repeating: 0, count: 500),
    ] {
      let text = text(levels)
      #expect(text.ranges(of: "<div class=\"layer").count == levels.count)
      #expect(text.ranges(of: "<ol").count == text.ranges(of: "</ol>").count)
      #expect(text.ranges(of: "<ol").count <= 26)
    }
  }

  @Test func aFleetsPageHasEveryHostAndTheChecksThatDoNotPass() throws {
    let page = FleetPage(try Audits.fleet(7), time: "2026-11-22T06:00:00Z", version: "0.1.0")
    let text = page.html.text
    #expect(text.contains("<h1>7 hosts</h1>") && text.contains("2 of 7 hosts fail."))
    #expect(text.ranges(of: "<details class=\"host\"").count == 7)
    let rows = text.split(separator: "<tr>").filter { $0.contains("href=\"#host-") }
    #expect(rows.count == 3 && text.contains("<p>4 hosts pass.</p>"))
    // log-path and swap fail somewhere, luks2 could not be looked at on one host.
    let cells = rows.map { row in
      row.matches(of: /<td class="([a-z]+)">/).map { String($0.output.1) }
    }
    #expect(cells[0] == ["fail", "fail", "pass"])
    #expect(cells[2] == ["none", "pass", "unknown"])
  }

  @Test func aCheckThatHadNothingToJudgeIsNamedForEachHost() throws {
    let pass = try Audits.document(Audits.passes)
    let fleet = Fleet([(file: "f", content: .success(pass))], at: Audits.now)
    let page = FleetPage(fleet, time: "2026-11-22T06:00:00Z", version: "0.1.0").html.text
    for text in [AuditPage(pass).html.text, page] {
      #expect(text.ranges(of: "<p>Not judged: ").count == 2)
    }
  }

  @Test func aHostThatLeftChecksOutIsNotLikeTheOthers() throws {
    func page(_ skipped: [String]) throws -> String {
      let document = try Audits.document(Audits.passes, skipped: skipped)
      let fleet = Fleet([(file: "f", content: .success(document))], at: Audits.now)
      return FleetPage(fleet, time: "2026-11-22T06:00:00Z", version: "0.1.0").html.text
    }
    let text = try page(["gate", "swap"])
    #expect(text.contains("<b>Checks were left out on 1 host</b>"))
    #expect(text.contains("5 passed, 2 left out</span>"))
    #expect(text.contains("<code>gate</code> <code>swap</code>"))
    #expect(try !page([]).contains("left out"))
  }
}
