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
      Terminal.say(lines: "esvault: refused: \(refusal.description)", "  \(refusal.advice)")
      return refused
    case let failure as StepFailure:
      // What other programs said may have several lines.
      Terminal.say("esvault: \(failure.description)\n  \(failure.advice)")
      return failed
    default:
      Terminal.say(lines: "esvault: \(error)")
      return failed
    }
  }
}
