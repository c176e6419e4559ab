import Testing
import Vault

@testable import esvault

/// `esvault audit --list`
@Suite struct CheckListTests {
  @Test func aCheckIsListedWithWhatItStatesAndWhy() {
    let text = CheckList(checks: Array(Audits.checks[1...1])).text(Drawing())
    #expect(
      text.hasPrefix(
        """
        swap  error
          Swap is off, or lies on encrypted disks only.
          Why: The kernel writes parts of Elasticsearch's memory there, with documents
               in them.
          Evidence for: NIST SP 800-53 Rev. 5, SC-28(1): Protection of information at
                        rest: cryptographic protection

        What an audit does not show
        - An audit gives evidence; it claims no compliance.
        """.dropLast()))
    #expect(text.contains("\n- A running machine is readable"))
    #expect(text.contains("\n- PCI DSS v4.0, 3.5.1.2 does not accept encryption of disks"))
  }

  @Test func everybodySeesEveryCheckAndNothingIsLookedAt() throws {
    let outcome = try Tool.runAsNobody("audit", "--list", "--config", "/nowhere/broken.yml")
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    for check in Check.all {
      #expect(
        outcome.output.contains("\n\(check.id)  \(check.severity.rawValue)\n")
          || outcome.output.hasPrefix("\(check.id)  "))
    }
    let document = try Tool.runAsNobody("audit", "--list", "--format", "json")
    #expect(document.status == 0)
    try expect(document.output, follows: "checks-v1")
    let ids = JSON(parsing: document.output)?["checks"]?.items?.compactMap { $0["id"] }
    #expect(ids == Check.all.map { .string($0.id) })
  }

  @Test func onlyWhatIsChosenIsListed() throws {
    let outcome = try Tool.run("audit", "--list", "--check", "luks2")
    #expect(outcome.output.hasPrefix("luks2  error\n"))
    #expect(try Tool.run("audit", "--list", "--check", "no-such").status == 2)
    #expect(try Tool.run("audit", "--list", "--format", "html").status == 64)
    #expect(try Tool.run("audit", "--list", "--format", "prometheus").status == 64)
  }

  @Test func everyIDIsThereOnce() {
    let ids = Check.all.map(\.id)
    #expect(Set(ids).count == ids.count)
  }
}
