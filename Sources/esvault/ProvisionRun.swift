import LUKS
import Vault

/// `esvault provision` for one volume: look, decide, ask, act, say.
struct ProvisionRun {
  let command: Provision
  let spec: VolumeSpec
  let lock: MachineLock?
  let output: ProvisionOutput

  func run() async throws {
    let keys = keySource
    let host = LinuxHost(
      configurationPath: command.configurationOptions.config, keys: keys, lock: lock,
      progress: output.progress)
    let considered = try await Consideration.provisioning(spec, on: host)
    let plan = considered.plan
    try await refuseStrayDisk(considered, on: host)
    output.plan(considered)
    guard !command.dryRun, !plan.steps.isEmpty else {
      return output.add(plan.steps.map(StepRecord.init), VolumeStatus(spec, considered.facts))
    }
    try confirm(plan)
    // Before anything is changed: a key that cannot be had is a refusal.
    if plan.needsKey, case .unstored = spec.key { try keys.withKey { _ in } }
    let records = await plan.carryOut(on: host) { output.step($0, of: plan) }
    let facts = try? await host.look(for: spec)
    output.add(records, VolumeStatus(spec, facts ?? considered.facts))
    if let failure = records.compactMap(\.failure).first { throw failure }
    output.done(spec, facts ?? considered.facts)
  }

  private var keySource: any KeySource {
    if let path = spec.key.path { return KeyFile(path) }
    if command.keyFile == "-" { return StandardInputKey() }
    return Terminal.isInteractive ? PassphrasePrompt(isNew: spec.uuid == nil) : MissingKey()
  }

  /// A finished machine with a blank disk that nobody named: it might be meant, so it is said.
  private func refuseStrayDisk(_ considered: Consideration, on host: LinuxHost) async throws {
    guard considered.plan.steps.isEmpty, command.device == nil, command.name == nil else { return }
    if let refusal = try await considered.refusalForBlankDisk(on: host) { throw refusal }
  }

  private func confirm(_ plan: Plan) throws {
    guard plan.destroys, !command.yes, Terminal.isInteractive else { return }
    guard Terminal.confirms("Write to the disk as planned?") else {
      throw Refusal(
        "the plan was not confirmed",
        advice: "Run the command again, with --yes to be asked no more.")
    }
  }
}
