import ArgumentParser
import Vault

/// Carries a plan out, and says what comes of it.
struct PlanRun {
  let host: LinuxHost
  let output: PlanOutput

  /// - Parameter looksAgain: whether somebody wants to know what the machine looks like afterwards.
  /// - Returns: what it looks like; as before where nobody looks.
  /// - Throws: the failure of the step that failed.
  func carryOut(_ considered: Consideration, looksAgain: Bool = true) async throws -> Facts {
    let plan = considered.plan
    let records = await plan.carryOut(on: host) { output.step($0, of: plan) }
    let failure = records.compactMap(\.failure).first
    // After a failure, a call that was left behind may still be at work, and a disk may not answer.
    guard looksAgain, failure == nil, let facts = try? await host.look(for: considered.spec) else {
      output.add(records, VolumeStatus(after: considered))
      if let failure { throw failure }
      return considered.facts
    }
    output.add(records, VolumeStatus(considered.spec, facts))
    return facts
  }

  /// What would be done, and is not.
  func leave(_ considered: Consideration) {
    output.add(
      considered.plan.steps.map(StepRecord.init),
      VolumeStatus(considered.spec, considered.facts))
  }
}

/// A volume of several has failed; why was said when it did.
struct TeamFailure: Error {
  let status: ExitCode
}

extension PlanOutput {
  /// Does the same for each of several volumes: one that fails does not keep the others waiting.
  ///
  /// - Throws: what the only one has thrown, or else ``TeamFailure``.
  func each(_ specs: [VolumeSpec], _ work: (VolumeSpec) async throws -> Void) async throws {
    try await each(specs) { specs, failed in
      for spec in specs {
        do { try await work(spec) } catch { try failed(spec, error) }
      }
    }
  }

  /// The same for work that chooses the order of the volumes itself.
  ///
  /// - Parameter work: tells its second argument of what has ended the work on a volume.
  func each(
    _ specs: [VolumeSpec],
    _ work: ([VolumeSpec], (VolumeSpec, any Error) throws -> Void) async throws -> Void
  ) async throws {
    var statuses: [ExitCode] = []
    var failures: [String] = []
    try await work(specs) { spec, error in
      guard specs.count > 1 else { throw error }
      statuses.append(ExitStatus.report(error))
      failures.append("esvault: volume '\(spec.name)' is not done: \(error)")
      add(failed: spec, error)
    }
    // What was said of one volume is far above the steps of the next.
    if hasChanged { for failure in failures { Terminal.say(lines: failure) } }
    try end(statuses)
  }

  /// - Throws: ``TeamFailure`` where one has failed. "Refused" says that nothing was changed: another
  ///   volume of the same run may have been.
  func end(_ statuses: [ExitCode]) throws {
    let failed = statuses.filter { $0 != .success }
    guard !failed.isEmpty else { return }
    let isRefusal = failed.allSatisfy { $0 == ExitStatus.refused } && !hasChanged
    throw TeamFailure(status: isRefusal ? ExitStatus.refused : ExitStatus.failed)
  }

  /// Runs a command that acts: whatever ends it, JSON is one document, and the status is right.
  func report(_ work: () async throws -> Void) async throws {
    do {
      try await work()
      finish(refusal: nil)
    } catch let failure as TeamFailure {
      finish(refusal: nil)
      throw failure.status
    } catch let refusal as Refusal {
      guard hasChanged else {
        finish(refusal: refusal)
        throw ExitStatus.report(refusal)
      }
      // "Refused" says that nothing was changed; an earlier volume of the same run was.
      let failure = StepFailure(refusal.description, advice: refusal.advice)
      finish(refusal: nil, error: failure)
      throw ExitStatus.report(failure)
    } catch {
      finish(refusal: nil, error: error)
      throw ExitStatus.report(error)
    }
  }
}
