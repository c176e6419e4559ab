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
    var facts = considered.facts
    if looksAgain, let now = try? await host.look(for: considered.spec) { facts = now }
    output.add(records, VolumeStatus(considered.spec, facts))
    if let failure = records.compactMap(\.failure).first { throw failure }
    return facts
  }

  /// What would be done, and is not.
  func leave(_ considered: Consideration) {
    output.add(
      considered.plan.steps.map(StepRecord.init),
      VolumeStatus(considered.spec, considered.facts))
  }
}

extension PlanOutput {
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
