import ArgumentParser
import Glibc
import LUKS
import Vault

struct Lock: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lock",
    abstract: "Stop Elasticsearch, unmount the volumes and close them.",
    discussion: """
      Without its key nobody reads a closed volume. Who still uses it is named, and then it stays \
      open. A volume that is closed is left alone. At shutdown esvault-unlock.service runs this.

      EXAMPLES
        esvault lock
        esvault lock esvol --dry-run
      """)

  @Argument(help: "The volumes; all of the configuration if none is named.")
  var names: [String] = []

  @Flag(help: "Print the plan, and change nothing.")
  var dryRun = false
  @Option(
    help: ArgumentHelp(
      "How long to wait for Elasticsearch to stop, and for another esvault. (default: 300)",
      valueName: "seconds"))
  var timeout: Int?
  @OptionGroup var configurationOptions: ConfigurationOptions
  @OptionGroup var report: ReportOptions

  func validate() throws { try Timeout.validate(timeout) }

  func run() async throws {
    let output = PlanOutput(format: report.format)
    try await output.report { try await run(output) }
  }

  private func run(_ output: PlanOutput) async throws {
    guard geteuid() == 0 else {
      throw Refusal("only root can close a volume", advice: "Run it as root: sudo esvault lock")
    }
    try LUKSLibrary.secureProcess()
    let configuration = try LinuxHost.configuration(at: configurationOptions.config)
    var request = VolumeRequest()
    request.timeout = timeout
    let specs = try request.specs(of: names, in: configuration)
    // In the reverse order of opening.
    try await output.each(specs.reversed()) { try await run($0, output) }
  }

  private func run(_ spec: VolumeSpec, _ output: PlanOutput) async throws {
    let host = LinuxHost(
      configurationPath: configurationOptions.config, keys: MissingKey(), say: output.note)
    let run = PlanRun(host: host, output: output)
    let finished = "volume '\(spec.name)' is closed"
    var considered = try await Consideration.locking(spec, on: host)
    guard !dryRun, !considered.plan.steps.isEmpty else {
      output.plan(considered, finished: finished)
      return run.leave(considered)
    }
    host.hold(try await MachineLock.taken(for: "lock", within: .seconds(spec.timeout)))
    considered = try await Consideration.locking(spec, on: host)
    output.plan(considered, finished: finished)
    guard !considered.plan.steps.isEmpty else { return run.leave(considered) }
    _ = try await run.carryOut(considered, looksAgain: false)
    if report.format == .table { Terminal.print("volume '\(spec.name)' is closed") }
  }
}
