import LUKS

/// The machine: the only thing with side effects.
///
/// It can do two things: look, and make one change.
package protocol Host: AnyObject {
  /// What the machine looks like now, as far as the volume is concerned. Changes nothing.
  ///
  /// - Parameter readsDisks: whether disks are looked at. A disk that has died may never answer, and
  ///   what takes a volume down must not wait for it.
  func look(for spec: VolumeSpec, readsDisks: Bool) async throws -> Facts
  /// Makes one change. Looks once more right before it writes: the plan may be minutes old.
  func perform(_ step: Step) async throws
}

extension Host {
  /// What the machine looks like now, its disks included.
  package func look(for spec: VolumeSpec) async throws -> Facts {
    try await look(for: spec, readsDisks: true)
  }
}

/// Why a step failed, and what to do about it.
package struct StepFailure: Error, Equatable, Sendable, CustomStringConvertible {
  package let description: String
  package let advice: String

  package init(_ description: String, advice: String) {
    self.description = description
    self.advice = advice
  }

  /// Takes any error of a host for a failure of the step.
  init(_ error: any Error) {
    switch error {
    case let failure as StepFailure: self = failure
    case let refusal as Refusal: self.init(refusal.description, advice: refusal.advice)
    case LUKSError.wrongKey:
      self.init("\(error)", advice: "Give the volume's own key: --key-file PATH")
    default:
      self.init(
        "\(error)",
        advice: "Mend the cause, then run the same command again: it continues where it stopped.")
    }
  }
}
