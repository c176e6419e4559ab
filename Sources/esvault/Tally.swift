import Vault

/// How many findings there are of each kind.
struct Tally: Equatable {
  var errors = 0
  var warnings = 0
  var unknown = 0
  var passed = 0
  /// Worth knowing: what is of severity info and did not pass.
  var remarks = 0

  init(_ findings: [Finding]) {
    for finding in findings {
      switch (finding.observation.verdict, finding.severity) {
      case (.pass, _): passed += 1
      case (_, .info): remarks += 1
      case (.unknown, _): unknown += 1
      case (.fail, .error): errors += 1
      case (.fail, .warning): warnings += 1
      }
    }
  }

  /// What there is, in words: "2 errors, 1 warning, 1 unknown, 14 passed".
  var words: String {
    let parts = [
      (errors, errors == 1 ? "error" : "errors"),
      (warnings, warnings == 1 ? "warning" : "warnings"),
      (unknown, "unknown"), (remarks, "to know"), (passed, "passed"),
    ]
    let present = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return present.isEmpty ? "nothing was there to judge" : present.joined(separator: ", ")
  }
}

extension Finding {
  /// How soon somebody must look at it: 0 is the worst, 6 passes.
  var urgency: Int {
    switch (observation.verdict, severity) {
    case (.fail, .error): 0
    case (.fail, .warning): 1
    case (.unknown, .error): 2
    case (.unknown, .warning): 3
    case (.fail, .info): 4
    case (.unknown, .info): 5
    case (.pass, _): 6
    }
  }
}
