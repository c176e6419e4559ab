import Vault

/// `esvault unlock` for one volume: look, decide, act, say.
struct UnlockRun {
  let command: Unlock
  let spec: VolumeSpec
  let output: PlanOutput

  func run(_ keys: KeySources) async throws {
    let source = keys.source(for: spec)
    let host = LinuxHost(
      configurationPath: command.configurationOptions.config, keys: source, say: output.note)
    let run = PlanRun(host: host, output: output)
    let finished = "volume '\(spec.name)' is open and mounted"
    // The unit that Elasticsearch waits for must not wait for a lock when all is done.
    let isOpen = try ChainCheck(spec, ChainSurvey(spec).gate()).barriers.isEmpty
    if command.dryRun || isOpen {
      let considered = try await Consideration.unlocking(spec, on: host, waiting: output.waiting)
      guard !command.dryRun, !considered.plan.steps.isEmpty else {
        output.plan(considered, finished: finished)
        sayNode(on: host)
        return run.leave(considered)
      }
    }
    try await askForKey(source, host)
    let considered = try await Consideration.unlocking(
      spec, on: host, hold: { try host.hold(MachineLock(for: "unlock", volume: spec.name)) },
      release: host.releaseLock, waiting: output.waiting)
    output.plan(considered, finished: finished)
    guard !considered.plan.steps.isEmpty else { return run.leave(considered) }
    defer { sayNode(on: host) }
    // At boot, Elasticsearch waits.
    _ = try await run.carryOut(considered, looksAgain: command.report.format == .json)
    if command.report.format == .table {
      Terminal.print("volume '\(spec.name)' is open, mounted at \(spec.mount)")
    }
  }

  /// Before the lock is taken: a person who types must not keep others waiting.
  private func askForKey(_ source: any KeySource, _ host: LinuxHost) async throws {
    guard case .unstored = spec.key else { return }
    let considered = try await Consideration.unlocking(spec, on: host, waiting: output.waiting)
    if considered.plan.needsKey { try source.withKey { _ in } }
  }

  /// Another node than before means a wrong or an emptied volume. Elasticsearch is not held back: the
  /// node may have been set up anew on purpose.
  private func sayNode(on host: LinuxHost) {
    guard let mismatch = host.nodeMismatch(of: spec) else { return }
    output.note("\(mismatch.description). \(mismatch.advice)")
  }
}

/// `esvault unlock --adopt`: show what the volume says of itself, ask, take it over.
struct AdoptionRun {
  let command: Unlock
  let output: PlanOutput

  func run(_ device: String, _ configuration: Configuration) async throws {
    let keys = command.key.sources(isNew: false)
    var spec = command.request.adopting(nil, in: configuration)
    let candidate = try await Candidate(spec, host(for: spec, keys).look(for: spec))
    output.note("the volume on '\(candidate.disk.path)' says of itself:\n\(Self.text(candidate))")
    spec = command.request.adopting(candidate, in: configuration)
    let host = host(for: spec, keys)
    let considered = try await Consideration.adopting(spec, on: host)
    let run = PlanRun(host: host, output: output)
    output.plan(considered, finished: "volume '\(spec.name)' is this machine's own")
    guard !command.dryRun, !considered.plan.steps.isEmpty else { return run.leave(considered) }
    try confirm()
    if considered.plan.needsKey { try keys.source(for: spec).withKey { _ in } }
    host.hold(try await MachineLock.taken(for: "unlock --adopt", within: .seconds(spec.timeout)))
    let again = try await Consideration.adopting(spec, on: host)
    guard again.plan == considered.plan else {
      throw Refusal(
        "the machine has changed since the plan was made",
        advice: "Run the command again: it looks anew.")
    }
    sayOwner(of: spec, try await run.carryOut(again))
    if command.report.format == .table {
      Terminal.print("volume '\(spec.name)' is this machine's own, mounted at \(spec.mount)")
    }
  }

  /// Users have other numbers on other machines.
  private func sayOwner(of spec: VolumeSpec, _ facts: Facts) {
    guard var directory = DataDirectory(spec, facts), let present = facts.directories else {
      return
    }
    directory.others = spec.otherDirectories.filter { present.others[$0] != nil }
    guard let mismatch = directory.mismatch(with: present) else { return }
    output.note("\(mismatch). \(directory.mending(present))")
  }

  private func host(for spec: VolumeSpec, _ keys: KeySources) -> LinuxHost {
    LinuxHost(
      configurationPath: command.configurationOptions.config, keys: keys.source(for: spec),
      say: output.note)
  }

  private static func text(_ candidate: Candidate) -> String {
    """
      name        \(candidate.token.name)
      made on     \(candidate.token.serial ?? "a disk without a serial"); this is \(candidate.disk.serial ?? "one without a serial")
      LUKS UUID   \(candidate.uuid), \(candidate.keyslots) keyslot\(candidate.keyslots == 1 ? "" : "s")
      mount       \(candidate.token.mount)
      data        \(candidate.token.data)
      filesystem  \(candidate.token.filesystem)
    """
  }

  private func confirm() throws {
    guard !command.adoption.yes, Terminal.isInteractive else { return }
    guard Terminal.confirms("Take it over?") else {
      throw Refusal(
        "the plan was not confirmed",
        advice: "Run the command again, with --yes to be asked no more.")
    }
  }
}
