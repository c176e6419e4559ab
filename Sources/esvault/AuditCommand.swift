import ArgumentParser
import Glibc
import LUKS
import SystemPackage
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

      --output replaces the file in one step, so that it can be read at any time; a new one can be \
      read by everybody. No format holds a secret, but each names disks, paths and what is wrong. A \
      run that is refused leaves an old file alone: watch esvault_audit_timestamp_seconds.

      EXAMPLES
        esvault audit
        esvault audit --list
        esvault audit --check swap --check core-dumps --format json
        esvault audit --image /backup/*.img
        esvault audit --format html --output audit.html
        esvault audit --format prometheus --output esvault.prom
      """)

  @Flag(
    help:
      "Print the checks, what each states, why it matters, for which control, and what no audit shows."
  )
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
  @Flag(
    help: "Also try each volume's stored key, which takes as long as an unlocking; writes nothing.")
  var checkKey = false
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
  @OptionGroup var output: AuditOutputOptions

  func validate() throws {
    if list, ![.table, .json].contains(output.format) {
      throw ValidationError("--list takes --format table or json.")
    }
    if only.contains(Check.key.id), !checkKey {
      throw ValidationError("The check 'key' is made with --check-key only.")
    }
    if !images.isEmpty, checkKey || configurationOptions.config != Configuration.defaultPath {
      throw ValidationError(
        "--image looks at no volume of the machine: leave \(checkKey ? "--check-key" : "--config") out."
      )
    }
    guard let samples else { return }
    guard !images.isEmpty else { throw ValidationError("--samples goes with --image.") }
    guard (100...1_000_000).contains(samples) else {
      throw ValidationError("--samples takes 100 to 1000000 blocks.")
    }
  }

  func run() async throws {
    do {
      let selection = CheckSelection(only: only, skipped: skipped, severity: severity)
      try output.file.check(reading: images + [configurationOptions.config])
      if list { return try output.write(CheckList(checks: try selection.checks(of: Check.all))) }
      LUKSLibrary.captureLog()
      // As root it sees the kernel's tables, which hold keys where the kernel's keyring does not.
      try LUKSLibrary.secureProcess()
      let all = images.isEmpty ? Check.ofMachine : Check.ofImages
      let checks = try selection.checks(of: all)
      let images = try images.map(Self.absolute)
      let facts = try await facts(of: images, for: checks)
      let audit = Audit(facts, checks: checks)
      try output.write(
        AuditReport(
          host: Clock.host(), images: images, time: Clock.now(), version: Version.current,
          checks: checks, skipped: selection.skipped(of: all), audit: audit, places: facts.places))
      guard let status = ExitStatus.of(audit.verdict) else { return }
      throw status
    } catch { throw ExitStatus.report(error) }
  }

  /// The path from the root: files of one name in two directories are two, and what is to be pasted
  /// works in every directory. Links stay: a disk's kernel name changes, that of a link to it does not.
  private static func absolute(_ path: String) throws -> String {
    guard let directory = getcwd(nil, 0) else { throw FileError("look at", ".", errno) }
    defer { free(directory) }
    var path = FilePath(platformString: directory).pushing(FilePath(path))
    path.components.removeAll { $0.kind == .currentDirectory }
    return path.string
  }

  private func facts(of images: [String], for checks: [Check]) async throws -> AuditFacts {
    guard images.isEmpty else {
      return AuditFacts(
        images: ImageSurvey(blocks: samples ?? BlockSample.defaultBlocks).look(at: images))
    }
    let configuration = try LinuxHost.configuration(at: configurationOptions.config)
    let survey = AuditSurvey(
      configuration, at: configurationOptions.config,
      triesKeys: checkKey && checks.contains { $0.id == Check.key.id })
    return try await survey.facts()
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
