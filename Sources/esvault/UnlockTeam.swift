import ArgumentParser
import Subprocess
import SystemPackage
import Vault

/// Unlocks several volumes side by side, one process of this program for each: libcryptsetup is not
/// thread-safe.
///
/// The wait for udev, most of the time of an opening, passes once and not for each volume. The memory
/// of concurrent key derivations stays within what the machine has.
struct UnlockTeam {
  let command: Unlock
  let output: PlanOutput

  /// Whether a volume can be one of several: a key that is typed or piped can be had once only.
  static func takes(_ spec: VolumeSpec) -> Bool {
    if case .unstored = spec.key { false } else { true }
  }

  /// - Throws: ``TeamFailure`` where one has failed; its own process has said why.
  func run(_ specs: [VolumeSpec]) async throws {
    let needs = try LinuxHost.derivationMemory(of: specs)
    var budget = DerivationMemory(available: LinuxHost.availableMemory())
    var waiting = zip(specs.map(\.name), needs).map { (name: $0, bytes: $1) }
    var outcomes: [Member.Outcome] = []
    await withTaskGroup(of: Member.Outcome.self) { group in
      var running = 0
      while !waiting.isEmpty || running > 0 {
        while let index = waiting.firstIndex(where: { budget.admits($0.bytes) }) {
          let next = waiting.remove(at: index)
          budget.take(next.bytes)
          running += 1
          let member = Member(name: next.name, bytes: next.bytes, words: words(for: next.name))
          group.addTask { await member.run() }
        }
        guard let outcome = await group.next() else { break }
        running -= 1
        budget.giveBack(outcome.bytes)
        outcomes.append(outcome)
      }
    }
    try report(outcomes, in: specs.map(\.name))
  }

  /// The command line of the process for one volume.
  private func words(for name: String) -> [String] {
    var words = [
      "unlock", name, "--format", "json", "--config", command.configurationOptions.config,
    ]
    if let file = command.key.keyFile { words += ["--key-file", file] }
    if let name = command.key.keyCredential { words += ["--key-credential", name] }
    if let timeout = command.timeout { words += ["--timeout", "\(timeout)"] }
    if command.noStart { words.append("--no-start") }
    return words
  }

  private func report(_ outcomes: [Member.Outcome], in order: [String]) throws {
    for name in order {
      guard let outcome = outcomes.first(where: { $0.name == name }) else { continue }
      output.add(name, document: outcome.document)
    }
    try output.end(outcomes.map { ExitCode($0.status) })
  }
}

/// The process for one volume.
private struct Member: Sendable {
  let name: String
  /// What its key derivation takes.
  let bytes: UInt64
  let words: [String]

  struct Outcome: Sendable {
    let name: String
    let bytes: UInt64
    let status: Int32
    /// The JSON document that it printed; empty where it came to none.
    let document: String
  }

  /// Runs this program itself: its errors go where ours go, its result comes back.
  func run() async -> Outcome {
    do {
      let result = try await Subprocess.run(
        .path("/proc/self/exe"), arguments: Arguments(words), environment: .inherit, input: .none,
        output: .string(limit: 4 << 20),
        error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false))
      if case .exited(let status) = result.terminationStatus {
        return Outcome(name: name, bytes: bytes, status: status, document: result.standardOutput)
      }
      Terminal.say("esvault: the process for volume '\(name)' was killed")
    } catch {
      Terminal.say("esvault: could not start a process for volume '\(name)'")
    }
    return Outcome(name: name, bytes: bytes, status: 1, document: "")
  }
}
