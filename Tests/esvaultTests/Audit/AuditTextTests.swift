import Testing
import Vault

@testable import esvault

/// How an audit looks to a person.
@Suite struct AuditTextTests {
  @Test func theWorstComesFirstAndTheVerdictLast() {
    let report = Audits.report(Audits.failures, skipped: ["gate"])
    #expect(
      AuditText(report, Drawing()).text == """
        Audit of 'web-1' at 2026-11-21T20:45:00Z

        FAIL     swap (error): /swapfile
          '/swapfile' lies on '/dev/vda1', and nothing below it encrypts
          Switch it off, and take it out of /etc/fstab:
            swapoff /swapfile

        FAIL     log-path (warning): /var/log/elasticsearch
          '/var/log/elasticsearch' lies on the root disk, which is not encrypted
          Take it to the volume, while Elasticsearch is stopped:
            esvault provision --confine

        info     foreign-keyslots (info): esvol
          keyslot 1 on '/dev/nvme1n1' is not esvault's
          If nobody needs it, take it away:
            cryptsetup luksKillSlot /dev/nvme1n1 1

        pass     data-path: '/mnt/es/elasticsearch' lies on 'esvol' and below it on
                 '/dev/nvme1n1'
        pass     luks2: esvol: '/dev/nvme1n1' has a LUKS2 header

        Not judged: snapshot-repositories, keyslots
        Left out: gate

        web-1: fail: 1 error, 1 warning, 1 to know, 2 passed
        """)
  }

  @Test func whatCouldNotBeSeenIsNoPass() {
    #expect(
      AuditText(Audits.report(Audits.unknowns), Drawing()).text == """
        Audit of 'web-1' at 2026-11-21T20:45:00Z

        UNKNOWN  luks2 (error): esvol
          only root may read the header on '/dev/nvme1n1'
          Run as root:
            sudo esvault audit

        pass     swap: this machine has no swap

        Not judged: data-path, snapshot-repositories, log-path, keyslots,
                    foreign-keyslots

        web-1: unknown: 1 unknown, 1 passed
        """)
    let nothing = AuditText(Audits.report([]), Drawing()).text
    #expect(nothing.hasSuffix("\nweb-1: unknown: nothing was there to judge"))
  }

  @Test func aFailureComesBeforeWhatIsUnknownAndAnErrorBeforeAWarning() {
    let findings: [Finding] = [
      Audits.finding("foreign-keyslots", .fail("a", "m", advice: "Do it.")),
      Audits.finding("keyslots", .unknown("b", "m", advice: "Do it.")),
      Audits.finding("log-path", .fail("c", "m", advice: "Do it.")),
      Audits.finding("swap", .unknown("d", "m", advice: "Do it.")),
      Audits.finding("luks2", .fail("e", "m", advice: "Do it.")),
      Audits.finding("data-path", .fail("f", "m", advice: "Do it.")),
    ]
    let text = AuditText(Audits.report(findings), Drawing()).text
    let subjects = text.split(separator: "\n").filter { $0.contains("): ") }.map { $0.suffix(1) }
    #expect(subjects == ["e", "f", "c", "d", "b", "a"])
    #expect(text.hasSuffix("web-1: fail: 2 errors, 1 warning, 2 unknown, 1 to know"))
  }

  @Test func noLineIsLongerThan80Columns() {
    let long = String(repeating: "/directory", count: 30)
    let findings = [
      Audits.finding("swap", .fail(long, "'\(long)' is bad", advice: "Do: rm \(long)")),
      Audits.finding("luks2", .pass(long, "'\(long)' is good")),
    ]
    let report = Audits.report(findings, host: long, skipped: [long])
    let lists = CheckList(checks: Audits.checks + Check.all).text(Drawing())
    for line in (AuditText(report, Drawing()).text + lists).split(separator: "\n") {
      #expect(line.count <= 80 || line == "    rm \(long)", "\(line)")
    }
  }

  @Test func aCommandStaysWhatItIs() {
    let command = "rm 'a  b' " + String(repeating: "c ", count: 60) + "d"
    let findings = [Audits.finding("swap", .fail("s", "m", advice: "Do: \(command)"))]
    let text = AuditText(Audits.report(findings), Drawing()).text
    #expect(text.split(separator: "\n").contains("    \(command)"))
  }

  @Test func coloursAreOnlyAddedAndNothingElseSpeaksToTheTerminal() {
    let findings =
      Audits.failures + Audits.unknowns
      + [Audits.finding("swap", .fail("a\u{1B}[31m", "b\u{9B}31m", advice: "Do: c\u{1B}[0m"))]
    let report = Audits.report(findings, host: Audits.hostile)
    let plain = AuditText(report, Drawing()).text
    let colourful = AuditText(report, Drawing(hasColour: true)).text
    #expect(plain.contains("a?[31m") && plain.contains("b?31m") && plain.contains("c?[0m"))
    #expect(!plain.contains("\u{1B}") && !plain.contains("\u{9B}"))
    #expect(colourful.contains("\u{1B}[1;31mFAIL     \u{1B}[0m"))
    #expect(colourful.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
  }

  @Test func anAdviceEndsInACommandOrAFullStop() {
    #expect(Advice("Attach the disk: then audit again.").command == nil)
    #expect(Advice("Attach the disk.").words == "Attach the disk.")
    let two = Advice("Save it first: it may be lost. See both: dmsetup table a; ls b")
    #expect(two.words == "Save it first: it may be lost. See both:")
    #expect(two.command == "dmsetup table a; ls b")
  }
}
