/// How often a wait looks again: four times a second at first, and then ever less often, for each look
/// takes time from what it waits for, of which a small machine has little.
struct Pace {
  private let begin = ContinuousClock.now

  func pause() async throws { try await Task.sleep(for: Self.pause(after: .now - begin)) }

  /// An eighth of what has passed already, which is how much longer a wait becomes at most; but at least
  /// 250 ms, and at most 2 s.
  static func pause(after passed: Duration) -> Duration {
    min(max(passed / 8, .milliseconds(250)), .seconds(2))
  }
}
