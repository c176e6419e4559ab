import LUKS
import Vault

/// `esvault provision` for one volume: look, decide, ask, act, say.
struct ProvisionRun {
  let command: Provision
  let spec: VolumeSpec
  let lock: MachineLock?
  let output: PlanOutput

  /// - Returns: what was considered, and the host that looked.
  func run() async throws -> (Consideration, LinuxHost) {
    let keys = keySource
    let host = LinuxHost(
      configurationPath: command.configurationOptions.config, keys: keys, lock: lock,
      progress: output.progress, say: output.note)
    let considered = try await Consideration.provisioning(spec, on: host)
    let plan = considered.plan
    let run = PlanRun(host: host, output: output)
    output.plan(considered, finished: "volume '\(spec.name)' is finished")
    guard !command.dryRun, !plan.steps.isEmpty else {
      run.leave(considered)
      return (considered, host)
    }
    try confirm(plan)
    // Before anything is changed: a key that cannot be had is a refusal.
    if plan.needsKey { try keys.withKey { _ in } }
    let facts = try await run.carryOut(considered)
    guard !plan.isPartial else { return try await self.run() }
    done(facts)
    return (considered, host)
  }

  /// Looks whether there is a plan, and says nothing.
  func look() async throws {
    let host = LinuxHost(
      configurationPath: command.configurationOptions.config, keys: keySource)
    _ = try await Consideration.provisioning(spec, on: host, settling: .zero)
  }

  private func done(_ facts: Facts) {
    if let note = facts.noteOnRunningHeap(of: spec.service) { output.note(note) }
    if command.report.format == .table {
      let status = VolumeStatus(spec, facts)
      Terminal.print(
        "volume '\(spec.name)' is ready: \(status.device ?? "its disk") encrypted with \(status.cipher ?? "LUKS2"), mounted at \(spec.mount)"
      )
      if let node = status.nodeID { Terminal.print("node id \(node), its state is on the volume") }
    }
    switch spec.key {
    case .file(let path, _), .generated(let path, _):
      output.note(
        "the key is in \(path), and losing it loses the data: keep a copy in a safe place")
    case .credential(let name, _):
      output.note(
        "the key is the credential '\(name)', which may be readable on this machine only, and losing it loses the data: keep a copy of the key itself in a safe place"
      )
    case .unstored:
      output.note(
        "the key is stored nowhere, and losing it loses the data; after a reboot, run 'esvault unlock' and give it again"
      )
    }
  }

  private var keySource: any KeySource {
    let isNew = spec.uuid == nil
    return KeySources(isStandardInput: command.keyFile == "-", isNew: isNew).source(for: spec)
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
