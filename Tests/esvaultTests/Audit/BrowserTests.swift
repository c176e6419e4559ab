import Foundation
import Testing
import Vault

@testable import esvault

/// The pages in headless Chromium: whether they are laid out, run nothing, and can be printed.
@Suite(.serialized) struct BrowserTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func page(_ fleet: Fleet) -> String {
    FleetPage(fleet, time: "2026-11-22T06:00:00Z", version: "0.1.0").html.text
  }

  @Test(arguments: [1, 500])
  func aFleetIsShown(_ count: Int) throws {
    let fleet = try Audits.fleet(count)
    let browser = try Browser(scratch, page: page(fleet))
    // A link to a host opens it; a single one is open.
    #expect(try browser.views.map(\.opened) == [count == 1 ? 1 : 0, 1])
    for view in try browser.views {
      #expect(view.title == "Encryption audit of \(count == 1 ? "1 host" : "\(count) hosts")")
      #expect(view.hosts == count && view.rows == count - fleet.count(.pass))
      #expect(view.banner.hasPrefix("✗ failed"))
      #expect(view.overflow <= 0, "at \(view.width) pixels")
      #expect(view.scripts == 0)
    }
    #expect(browser.complaints == [])
    #expect(try browser.printed().starts(with: Data("%PDF-".utf8)))
  }

  @Test func anAuditIsShownWithEveryKindOfFinding() throws {
    let findings = Audits.failures + Audits.unknowns
    let document = try Audits.document(findings, skipped: ["gate", "key-file"])
    let browser = try Browser(scratch, page: AuditPage(document).html.text)
    for view in try browser.views {
      #expect(view.title == "Encryption audit of web-1")
      #expect(view.banner == "✗ failed These checks fail: swap, log-path.")
      #expect(view.checks == Audits.checks.count && view.figures == Audits.places.count)
      #expect(view.overflow <= 0, "at \(view.width) pixels")
    }
    #expect(browser.complaints == [])
    #expect(try browser.printed().count > 10_000)
  }

  @Test func aHostileNameExecutesNothing() throws {
    let long = String(repeating: "x", count: 2000)
    let name = Audits.hostile + long
    let findings = Audits.checks.map {
      Audits.finding($0.id, .fail(name, name, advice: "Do \(name): \(name)", evidence: [name]))
    }
    let link = AuditedPlace.Link(level: 0, kind: .disk, name: name, detail: name)
    let places = [
      AuditedPlace(purpose: .data, path: name, origin: name, isEncrypted: false, chain: [link])
    ]
    let document = try Audits.document(findings, host: name, skipped: [name], places: places)
    let fleet = Fleet(
      [
        (file: name, content: .success(document)),
        (file: name, content: .failure(AuditDocumentError.otherSchema(name))),
      ], at: Audits.now)
    for text in [
      AuditPage(document).html.text,
      page(fleet),
    ] {
      let browser = try Browser(scratch, page: text)
      for view in try browser.views {
        #expect(view.scripts == 0 && view.title.hasPrefix("Encryption audit of "))
        #expect(view.text.contains("<script>document.title='pwned'</script><img src=x onerror="))
        #expect(view.overflow <= 0, "at \(view.width) pixels")
      }
      #expect(browser.complaints == [])
    }
  }

  @Test func aTableOfAllChecksFitsIntoThePage() throws {
    let findings = (1...40).map {
      Finding(
        check: "a-check-with-a-long-name-\($0)", severity: .error,
        observation: .fail("s", "m", advice: "Do it."))
    }
    let fleet = Fleet(
      [(file: "f", content: .success(try Audits.document(findings)))], at: Audits.now)
    for view in try Browser(scratch, page: page(fleet)).views { #expect(view.overflow <= 0) }
  }

  /// What the tests above rely on: a page that does what it must not is found out.
  @Test func whatWouldBeWrongIsSeen() throws {
    let page = """
      <!DOCTYPE html><html><head><title>t</title>\
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'"></head><body>\
      <script>document.title = 'pwned'</script><div style="width:3000px">x</div><p>\
      <img src=x onerror="document.title = 'pwned'"></body></html>
      """
    let browser = try Browser(scratch, page: page)
    #expect(try browser.views.map(\.scripts) == [2, 2])
    #expect(!browser.complaints.isEmpty)
    let wide = page.replacing("default-src 'none'", with: "")
    let free = try Browser(scratch, page: wide).views
    #expect(free.map(\.title) == ["pwned", "pwned"])
    #expect(free.allSatisfy { $0.overflow > 1000 })
  }
}
