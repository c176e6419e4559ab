import Glibc
import LUKS
import Vault

extension Provision {
  func run() async throws {
    let output = PlanOutput(format: report.format)
    try await output.report { try await run(output) }
  }

  private func run(_ output: PlanOutput) async throws {
    guard geteuid() == 0 else {
      throw Refusal("only root can make a volume", advice: "Run it as root: sudo esvault provision")
    }
    try LUKSLibrary.secureProcess()
    if unfinished, let note = try noteOnNothingUnfinished() { return output.note(note) }
    let lock = dryRun ? nil : try MachineLock(for: "provision")
    let configuration = try recorded()
    var runs: [(Consideration, LinuxHost)] = []
    try await output.each(request.specs(in: configuration)) { specs, failed in
      try await LateDisks(limit: .seconds(timeout ?? 300), waiting: output.waiting).work(
        on: specs,
        waits: { waits(for: $0, in: configuration) },
        look: {
          guard let spec = try current($0, since: configuration) else { return }
          try await ProvisionRun(command: self, spec: spec, lock: nil, output: output).look()
        },
        settle: LinuxHost.settle,
        work: { spec in
          // The start of a service has released it, and the unit that unlocks may just be looking.
          try await lock?.hold(within: .seconds(30))
          defer { lock?.release() }
          guard let spec = try current(spec, since: configuration) else {
            return output.note(try noteOnLeaving(spec))
          }
          let run = ProvisionRun(command: self, spec: spec, lock: lock, output: output)
          runs.append(try await run.run())
        }, failed: failed)
    }
    try await refuseStrayDisk(after: runs)
  }

  private func recorded() throws -> Configuration {
    try LinuxHost.configuration(at: configurationOptions.config)
  }

  /// What is asked for by now: while a disk was waited for, somebody may have mended the configuration,
  /// or taken the volume out of it.
  private func current(_ spec: VolumeSpec, since start: Configuration) throws -> VolumeSpec? {
    try request.spec(of: spec.name, in: recorded(), since: start)
  }

  private func noteOnLeaving(_ spec: VolumeSpec) throws -> String {
    let isThere = try recorded().volume(named: spec.name) != nil
    return isThere
      ? "volume '\(spec.name)' was finished meanwhile"
      : "volume '\(spec.name)' is not in '\(configurationOptions.config)' any more"
  }

  /// Why a run that only finishes volumes has none to finish.
  private func noteOnNothingUnfinished() throws -> String? {
    let (path, configuration) = (configurationOptions.config, try recorded())
    guard access(path, F_OK) == 0 else {
      throw Refusal(
        "there is no configuration '\(path)'",
        advice: "Write it, or name another: --config FILE")
    }
    if configuration.volumes.isEmpty { return "'\(path)' names no volume" }
    guard request.specs(in: configuration).isEmpty else { return nil }
    return "every volume of '\(path)' was finished once"
  }

  /// A disk that the configuration names may be on its way. What was typed may be a mistake.
  private func waits(for spec: VolumeSpec, in configuration: Configuration) -> Bool {
    device == nil && wipe == nil && !dryRun && configuration.volume(named: spec.name) != nil
  }

  /// A finished machine with a blank disk that nobody named: it might be meant, so it is said.
  private func refuseStrayDisk(after runs: [(Consideration, LinuxHost)]) async throws {
    guard device == nil, name == nil, !unfinished, runs.allSatisfy({ $0.0.plan.steps.isEmpty }),
      let (considered, host) = runs.last,
      let refusal = try await considered.refusalForBlankDisk(on: host)
    else { return }
    throw refusal
  }
}
