import ArgumentParser
import Vault

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Join the audits of many hosts into one page, the worst first.",
    discussion: """
      Reads what 'esvault audit --format json' has written, and writes one HTML page: no script, \
      nothing loaded from elsewhere, made to be printed. It needs no root and no volume.

      Of two audits of one host the newer counts, if it made every check of the other; else the \
      worse. The other is named, in the page and on standard error: hosts must have names of their own.

      The status is 1 when a file could not be joined: the page has all others, and names it. Else it \
      is the worst of the audits': 3 when a host fails, 1 when none fails and one is unknown, 0 when \
      every host passes.

      EXAMPLES
        esvault report web-1.json web-2.json --output report.html
        esvault report audits/*.json --output report.html
      """)

  @Argument(help: "JSON documents of audits, one in each file.")
  var files: [String]
  @OptionGroup var output: OutputFileOptions

  func run() throws {
    do {
      try output.check(reading: files)
      let fleet = Fleet(
        files.map { file in (file, Result { try Self.audit(in: file) }) }, at: Clock.seconds())
      for rest in fleet.unusable {
        Terminal.say(lines: "esvault: could not join '\(rest.file)': \(rest.reason)")
      }
      for rest in fleet.superseded {
        Terminal.say(lines: "note: '\(rest.file)' is left out: \(rest.reason)")
      }
      let page = FleetPage(fleet, time: Clock.now(), version: Version.current)
      try output.write(painted: page.html.text)
      guard fleet.unusable.isEmpty else { throw ExitStatus.failed }
      guard let status = ExitStatus.of(fleet.verdict) else { return }
      throw status
    } catch { throw ExitStatus.report(error) }
  }

  private static func audit(in file: String) throws -> AuditDocument {
    try AuditDocument(parsing: try ReportFile(file).bytes())
  }
}
