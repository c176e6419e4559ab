import ArgumentParser
import Glibc
import LUKS
import Vault

struct Unlock: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unlock",
    abstract: "Open and mount the recorded volumes, as after a reboot.",
    discussion: """
      Finds each volume of the configuration by its LUKS UUID and its disk's serial, compares its \
      header with what was made, opens it, checks its filesystem if it was not cleanly unmounted \
      (e2fsck -p), and mounts it. Then it starts Elasticsearch, where that is enabled at boot. A \
      volume that is open and mounted is left alone. A disk that is not there yet is waited for.

      At boot esvault-unlock.service runs this. After a reboot without a stored key, run it by hand.

      --adopt DEVICE takes over a volume from another machine, or from a restored snapshot: it shows \
      what the volume says of itself, opens it with its key, and records it here.

      EXAMPLES
        esvault unlock
        esvault unlock esvol --key-file /root/es.key
        esvault unlock --adopt /dev/nvme2n1 --key-file /etc/esvault/keys/esvol.key
      """)

  @Argument(help: "The volumes; all of the configuration if none is named.")
  var names: [String] = []

  @Flag(help: "Print the plan, and change nothing.")
  var dryRun = false
  @OptionGroup var key: KeyOptions
  @Flag(help: "Do not start Elasticsearch.")
  var noStart = false
  @Option(
    help: ArgumentHelp(
      "How long to wait for a disk, for opening, and for another esvault. (default: 300)",
      valueName: "seconds"))
  var timeout: Int?
  @OptionGroup(title: "TAKING A VOLUME OVER") var adoption: AdoptionOptions
  @OptionGroup var configurationOptions: ConfigurationOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    try Timeout.validate(timeout)
    if adoption.adopt != nil, !names.isEmpty {
      throw ValidationError("--adopt takes the name from the volume, or from --name.")
    }
  }

  func run() async throws {
    let output = PlanOutput(format: report.format)
    try await output.report { try await run(output) }
  }

  private func run(_ output: PlanOutput) async throws {
    guard geteuid() == 0 else {
      throw Refusal("only root can open a volume", advice: "Run it as root: sudo esvault unlock")
    }
    try LUKSLibrary.secureProcess()
    let configuration = try LinuxHost.configuration(at: configurationOptions.config)
    if let device = adoption.adopt {
      return try await AdoptionRun(command: self, output: output).run(device, configuration)
    }
    let specs = try request.specs(of: names, in: configuration)
    guard !specs.isEmpty else {
      return output.note("\(configurationOptions.config) names no finished volume")
    }
    try await unlock(specs, output)
  }

  /// Those with a stored key side by side; then, one after the other, those that somebody has to give
  /// a key for.
  private func unlock(_ specs: [VolumeSpec], _ output: PlanOutput) async throws {
    let stored = specs.filter(UnlockTeam.takes)
    let isTeam = stored.count > 1 && !dryRun
    var statuses: [ExitCode] = []
    if isTeam {
      do { try await UnlockTeam(command: self, output: output).run(stored) } catch let team
        as TeamFailure
      { statuses.append(team.status) }
    }
    let keys = key.sources(isNew: false)
    let others = isTeam ? specs.filter { !UnlockTeam.takes($0) } : specs
    do {
      try await output.each(others) { spec in
        try await UnlockRun(command: self, spec: spec, output: output).run(keys)
      }
    } catch let team as TeamFailure {
      statuses.append(team.status)
    } catch  where isTeam {
      statuses.append(ExitStatus.report(error))
      output.add(failed: others[0], error)
    }
    try output.end(statuses)
  }

  var request: VolumeRequest {
    var request = VolumeRequest()
    key.add(to: &request)
    adoption.add(to: &request)
    request.startsService = !noStart
    request.timeout = timeout
    return request
  }
}

/// How a volume of another machine is taken over.
struct AdoptionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Take over the volume on this disk: a path, a by-id link, a serial or a volume id.",
      valueName: "device"))
  var adopt: String?
  @Flag(help: "Do not ask before it is taken over. Without a terminal nothing is asked anyway.")
  var yes = false
  @Option(help: "Its name here. (default: as the volume says)")
  var name: String?
  @Option(
    help: ArgumentHelp("Where it is mounted. (default: as the volume says)", valueName: "dir"))
  var mount: String?
  @Option(
    help: ArgumentHelp(
      "Elasticsearch's path.data in it. (default: as the volume says)", valueName: "dir"))
  var data: String?
  @Option(
    help: ArgumentHelp(
      "Elasticsearch's configuration directory. (default: /etc/elasticsearch)", valueName: "dir"))
  var esConfig: String?
  @Option(
    help: ArgumentHelp(
      "The systemd unit of Elasticsearch. (default: elasticsearch.service)", valueName: "unit"))
  var service: String?

  func validate() throws {
    let others = [name, mount, data, esConfig, service].compactMap(\.self)
    guard adopt == nil, !others.isEmpty else { return }
    throw ValidationError(
      "--name, --mount, --data, --es-config and --service go with --adopt DEVICE.")
  }

  func add(to request: inout VolumeRequest) {
    request.device = adopt
    request.name = name
    request.mount = mount
    request.data = data
    request.elasticsearchConfiguration = esConfig
    request.service = service
  }
}
