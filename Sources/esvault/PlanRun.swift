import Vault

/// Carries a plan out, and says what comes of it.
struct PlanRun {
  let host: LinuxHost
  let output: PlanOutput

  /// - Returns: what the machine looks like afterwards.
  /// - Throws: the failure of the step that failed.
  func carryOut(_ considered: Consideration) async throws -> Facts {
    let plan = considered.plan
    let records = await plan.carryOut(on: host) { output.step($0, of: plan) }
    let facts = (try? await host.look(for: considered.spec)) ?? considered.facts
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
