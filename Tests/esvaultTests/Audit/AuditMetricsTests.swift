import Foundation
import Testing
import Vault

@testable import esvault

/// The metrics, read with the parser of Prometheus' own client for Python.
@Suite struct AuditMetricsTests {
  private struct Sample: Decodable, Equatable {
    var name: String
    var labels: [String: String]
    var value: Double
  }

  /// - Throws: where the parser does.
  private func samples(_ text: String) throws -> [Sample] {
    let program = """
      import json, sys
      from prometheus_client.parser import text_string_to_metric_families
      families = list(text_string_to_metric_families(sys.stdin.buffer.read().decode()))
      assert all(f.documentation and f.type == "gauge" for f in families), families
      assert len({f.name for f in families}) == len(families), families
      print(json.dumps([{"name": s.name, "labels": s.labels, "value": s.value}
                        for f in families for s in f.samples]))
      """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    process.arguments = ["-c", program]
    let (input, output) = (Pipe(), Pipe())
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
    try input.fileHandleForWriting.close()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return try JSONDecoder().decode([Sample].self, from: data)
  }

  private func labels(_ finding: Finding) -> [String: String] {
    [
      "check": finding.check, "severity": finding.severity.rawValue,
      "subject": finding.observation.subject, "verdict": finding.observation.verdict.rawValue,
    ]
  }

  @Test func everyFindingIsASample() throws {
    let all = try samples(AuditMetrics.text(Audits.report(Audits.failures)))
    let findings = all.filter { $0.name == "esvault_audit_finding" }
    #expect(findings.map(\.labels) == Audits.failures.map(labels))
    #expect(findings.allSatisfy { $0.value == 1 })
    #expect(
      all.suffix(2) == [
        Sample(name: "esvault_audit_timestamp_seconds", labels: [:], value: 1_795_293_900),
        Sample(name: "esvault_audit_info", labels: ["version": "0.1.0"], value: 1),
      ])
  }

  @Test(arguments: [
    (Audits.passes, "pass"), (Audits.failures, "fail"), (Audits.unknowns, "unknown"),
    ([], "unknown"),
  ])
  func oneVerdictHolds(_ findings: [Finding], _ verdict: String) throws {
    let all = try samples(AuditMetrics.text(Audits.report(findings)))
    let verdicts = all.filter { $0.name == "esvault_audit_verdict" }
    #expect(verdicts.count == 3)
    #expect(verdicts.filter { $0.value == 1 }.map(\.labels) == [["verdict": verdict]])
    #expect(verdicts.filter { $0.value == 0 }.count == 2)
  }

  @Test func aLabelIsReadAsItWasSeen() throws {
    for subject in [#"a\"#, #"\n"#, "a\nb", #"say "x""#, #"{,="}"#, "ü–✗", "", " a ", "# HELP"] {
      let finding = Audits.finding("swap", .pass(subject, "m"))
      let all = try samples(AuditMetrics.text(Audits.report([finding])))
      #expect(all.first?.labels == labels(finding))
    }
    let hostile = Audits.finding("swap", .pass("a\u{1B}[2J\r\u{0}", "m"))
    let all = try samples(AuditMetrics.text(Audits.report([hostile])))
    #expect(all.first?.labels["subject"] == "a?[2J??")
  }

  @Test func noSampleIsThereTwice() throws {
    let findings = Audits.passes + Audits.passes
    let text = AuditMetrics.text(Audits.report(findings))
    let lines = text.split(separator: "\n")
    #expect(Set(lines).count == lines.count)
    #expect(try samples(text).count == Audits.passes.count + 5)
  }

  @Test func everyFamilyIsIntroducedBeforeItsSamplesWhichStandTogether() {
    let lines = AuditMetrics.text(Audits.report(Audits.failures)).split(separator: "\n")
    var order: [String] = []
    for line in lines where !line.hasPrefix("# HELP") {
      let isType = line.hasPrefix("# TYPE ")
      let name = String(line.split { " {".contains($0) }[isType ? 2 : 0])
      if isType { order.append(name) } else { #expect(order.last == name) }
    }
    #expect(Set(order).count == 4 && order.count == 4)
  }

  @Test func theProgramWritesAFileForTheCollector() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/esvault.prom"
    let outcome = try Tool.run("audit", "--format", "prometheus", "--output", path)
    #expect([0, 1, 3].contains(outcome.status) && outcome.output.isEmpty)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.hasSuffix("\n"))
    #expect(try samples(text).contains { $0.name == "esvault_audit_timestamp_seconds" })
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["esvault.prom"])
  }
}
