/// Work on several volumes, each as soon as its disk is there: a cloud attaches its disks one after the
/// other, and none that is missing keeps the others waiting.
package struct LateDisks {
  /// How often a missing disk is looked for: a look runs a program.
  private static let interval = Duration.seconds(1)

  private let limit: Duration
  /// Is told what is waited for, and how long at most, once for each volume and reason.
  private let waiting: (Refusal, Duration) -> Void

  /// - Parameter limit: how long missing disks are waited for, once all is done that can be.
  package init(limit: Duration, waiting: @escaping (Refusal, Duration) -> Void) {
    self.limit = limit
    self.waiting = waiting
  }

  /// Looks, lets the machine settle, and works, volume by volume.
  ///
  /// - Parameters:
  ///   - waits: for which volumes; of any other a missing disk is a refusal at once.
  ///   - look: finds out whether a volume's disk is there now.
  ///   - settle: waits until a disk that has just appeared can be worked on.
  ///   - work: on a volume whose disk is there.
  ///   - failed: is told why the work on a volume has ended; throwing ends the work on the others.
  package func work(
    on volumes: [VolumeSpec], waits: (VolumeSpec) -> Bool,
    look: (VolumeSpec) async throws -> Void, settle: () async -> Void,
    work: (VolumeSpec) async throws -> Void, failed: (VolumeSpec, any Error) throws -> Void
  ) async throws {
    var missing = volumes.map { ($0, Patience(limit: waits($0) ? limit : .zero)) }
    var isFirst = true
    while !missing.isEmpty {
      if !isFirst { try await Task.sleep(for: Self.interval) }
      var refused: [(VolumeSpec, Patience, Refusal, ContinuousClock.Instant)] = []
      for (volume, patience) in missing {
        do {
          // What is there from the start needs no look besides that of the work.
          if !isFirst { try await look(volume) }
          if waits(volume) { await settle() }
          try await work(volume)
        } catch let refusal as Refusal {
          refused.append((volume, patience, refusal, .now))
        } catch {
          try failed(volume, error)
        }
      }
      missing = []
      // Only now: work that takes long leaves the others no less time to appear, and nobody is given up
      // who was not looked at since.
      for (volume, patience, refusal, look) in refused {
        var patience = patience
        if patience.bears(refusal, seenAt: look, saying: waiting) {
          missing.append((volume, patience))
        } else {
          try failed(volume, refusal)
        }
      }
      isFirst = false
    }
  }
}
