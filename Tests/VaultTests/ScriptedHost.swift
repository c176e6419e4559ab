@testable import Vault

/// A machine that answers as a test has written down, and stops the run when it is asked for anything
/// else.
final class ScriptedHost: Host {
  private var views: [Facts]
  private var expected: [(step: Step, failure: (any Error)?)]

  init(views: [Facts] = [], steps: [Step] = []) {
    self.views = views
    expected = steps.map { ($0, nil) }
  }

  /// Lets one more step be asked for, which fails.
  func failing(_ step: Step, with error: any Error) -> ScriptedHost {
    expected.append((step, error))
    return self
  }

  /// Whether everything that was written down has been asked for.
  var isDone: Bool { views.isEmpty && expected.isEmpty }

  func look(for spec: VolumeSpec, readsDisks: Bool) async throws -> Facts {
    guard !views.isEmpty else { fatalError("nobody planned a look for '\(spec.name)'") }
    return views.removeFirst()
  }

  func perform(_ step: Step) async throws {
    guard let next = expected.first, next.step == step else {
      fatalError("nobody planned the step \(step)")
    }
    expected.removeFirst()
    if let failure = next.failure { throw failure }
  }
}
