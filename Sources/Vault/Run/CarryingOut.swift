/// A step of a plan that is or was carried out.
package struct StepRecord: Equatable, Sendable {
  package enum State: String, Sendable { case planned, done, failed }

  package let step: Step
  package var state: State = .planned
  package var failure: StepFailure?
  /// How long the step took.
  package var duration: Duration = .zero

  package init(_ step: Step) {
    self.step = step
  }
}

extension Plan {
  /// Carries the plan out, step by step, and stops at the first failure.
  ///
  /// There is no rollback: undoing a half-done format is another destructive act. A rerun makes a new
  /// plan from fresh facts and continues.
  ///
  /// - Parameter report: is told of each step when it begins (`planned`) and when it has ended.
  package func carryOut(
    on host: some Host, report: (StepRecord) -> Void
  ) async -> [StepRecord] {
    var records = steps.map(StepRecord.init)
    for index in records.indices {
      report(records[index])
      let start = ContinuousClock.now
      do {
        try await host.perform(records[index].step)
        records[index].state = .done
      } catch {
        records[index].state = .failed
        records[index].failure = StepFailure(error)
      }
      records[index].duration = ContinuousClock.now - start
      report(records[index])
      if records[index].state == .failed { break }
    }
    return records
  }
}
