import ArgumentParser
import LUKS
import Vault

struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Check that the data is encrypted, everywhere it goes.",
    discussion: """
      Looks at the machine as it is, changes nothing, and needs no key. Run as root to see all of it: \
      what could not be looked at is unknown, and unknown never passes.

      With --image it looks at disks, images and snapshots that are not in use, instead of the machine: \
      what would somebody see who attaches them elsewhere? It reads the header and blocks at random \
      all over them, and needs no root where the files can be read.

      The status is 0 when every check passes, 3 when one of severity error or warning fails, and 1 \
      when none fails and one could not look. Findings of severity info never count.

      EXAMPLES
        esvault audit
        esvault audit --list
        esvault audit --check swap --check core-dumps --format json
        esvault audit --image /backup/*.img
      """)

  @Flag(help: "Print the checks: what each states, why it matters, and for which control.")
  var list = false
  @Option(
    name: .customLong("check"), parsing: .singleValue,
    help: ArgumentHelp("Make this check only; may be repeated.", valueName: "id"))
  var only: [String] = []
  @Option(
    name: .customLong("skip"), parsing: .singleValue,
    help: ArgumentHelp("Leave this check out; may be repeated.", valueName: "id"))
  var skipped: [String] = []
  @Option(
    help: ArgumentHelp(
      "Make only the checks of at least this severity.", valueName: "error|warning|info"))
  var severity = Severity.info
  @Option(
    name: .customLong("image"), parsing: .upToNextOption,
    help: ArgumentHelp(
      "Audit these files or devices in place of the machine; may be repeated.",
      valueName: "file"))
  var images: [String] = []
  @Option(
    help: ArgumentHelp(
      "With --image: how many blocks of 4 KiB are read of each. (default: 1000)",
      valueName: "number"))
  var samples: Int?
  @OptionGroup var configurationOptions: ConfigurationOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    guard let samples else { return }
    guard !images.isEmpty else { throw ValidationError("--samples goes with --image.") }
    guard (100...1_000_000).contains(samples) else {
      throw ValidationError("--samples takes 100 to 1000000 blocks.")
    }
  }

  func run() async throws {
    do {
      LUKSLibrary.captureLog()
      // As root it sees the kernel's tables, which hold keys where the kernel's keyring does not.
      try LUKSLibrary.secureProcess()
      let selection = CheckSelection(only: only, skipped: skipped, severity: severity)
      let checks = try selection.checks(of: images.isEmpty ? Check.ofMachine : Check.ofImages)
      let facts = try await facts()
      let audit = Audit(facts, checks: checks)
      let document = AuditReport(
        host: Clock.host(), time: Clock.now(), version: Esvault.version, audit: audit,
        places: facts.places)
      switch report.format {
      case .json: Terminal.print(AuditJSON.document(document).text)
      case .table: Terminal.print(AuditText.text(document))
      }
      guard let status = ExitStatus.of(audit.verdict) else { return }
      throw status
    } catch { throw ExitStatus.report(error) }
  }

  private func facts() async throws -> AuditFacts {
    guard images.isEmpty else {
      return AuditFacts(
        images: ImageSurvey(blocks: samples ?? BlockSample.defaultBlocks).look(at: images))
    }
    let configuration = try LinuxHost.configuration(at: configurationOptions.config)
    return try await AuditSurvey(configuration).facts()
  }
}

extension Severity: ExpressibleByArgument {}

extension ExitStatus {
  static let findings = ExitCode(3)

  /// nil: success.
  static func of(_ verdict: Verdict) -> ExitCode? {
    switch verdict {
    case .pass: nil
    case .fail: findings
    case .unknown: failed
    }
  }
}
