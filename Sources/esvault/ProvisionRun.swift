import LUKS
import Vault

/// `esvault provision` for one volume: look, decide, ask, act, say.
struct ProvisionRun {
  let command: Provision
  let spec: VolumeSpec
  let lock: MachineLock?
  let output: ProvisionOutput

  /// - Returns: what was considered, and the host that looked.
  func run() async throws -> (Consideration, LinuxHost) {
    let keys = keySource
    let host = LinuxHost(
      configurationPath: command.configurationOptions.config, keys: keys, lock: lock,
      progress: output.progress)
    let considered = try await Consideration.provisioning(spec, on: host)
    let plan = considered.plan
    output.plan(considered)
    guard !command.dryRun, !plan.steps.isEmpty else {
      output.add(plan.steps.map(StepRecord.init), VolumeStatus(spec, considered.facts))
      return (considered, host)
    }
    try confirm(plan)
    // Before anything is changed: a key that cannot be had is a refusal.
    if plan.needsKey, case .unstored = spec.key { try keys.withKey { _ in } }
    let records = await plan.carryOut(on: host) { output.step($0, of: plan) }
    let facts = try? await host.look(for: spec)
    output.add(records, VolumeStatus(spec, facts ?? considered.facts))
    if let failure = records.compactMap(\.failure).first { throw failure }
    output.done(spec, facts ?? considered.facts)
    return (considered, host)
  }

  private var keySource: any KeySource {
    if let source = spec.key.source { return source }
    if command.keyFile == "-" { return StandardInputKey() }
    return Terminal.isInteractive ? PassphrasePrompt(isNew: spec.uuid == nil) : MissingKey()
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
