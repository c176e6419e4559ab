import ArgumentParser
import Vault

/// Exit statuses: scripts rely on them.
enum ExitStatus {
  static let failed = ExitCode(1)
  static let refused = ExitCode(2)

  /// Prints what stopped a command, and gives its status.
  ///
  /// The one place where an error becomes text and a status.
  static func report(_ error: any Error) -> ExitCode {
    switch error {
    case let code as ExitCode: return code
    case let refusal as Refusal:
      Terminal.say("esvault: refused: \(refusal.description)\n  \(refusal.advice)")
      return refused
    case let failure as StepFailure:
      Terminal.say("esvault: \(failure.description)\n  \(failure.advice)")
      return failed
    default:
      Terminal.say("esvault: \(error)")
      return failed
    }
  }
}
