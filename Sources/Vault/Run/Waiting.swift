/// Looking and deciding about a volume that exists already.
extension Consideration {
  /// How often a disk that is missing is looked for.
  private static let interval = Duration.milliseconds(250)

  /// Looks and decides what is missing until a recorded volume is open and mounted.
  ///
  /// A disk that is not there yet is waited for: at boot, a cloud attaches its disks one after the
  /// other. The bound is the spec's `timeout`, and for some refusals less.
  ///
  /// - Parameter waiting: is told once what is waited for.
  /// - Throws: ``Refusal``, or what kept the host from looking.
  package static func unlocking(
    _ spec: VolumeSpec, on host: some Host, waiting: (Refusal) -> Void = { _ in }
  ) async throws -> Consideration {
    let start = ContinuousClock.now
    var isFirst = true
    while true {
      let facts = try await host.look(for: spec)
      do {
        return Consideration(spec: spec, facts: facts, plan: try Plan.unlocking(spec, facts))
      } catch {
        let patience = min(error.patience, .seconds(spec.timeout))
        guard ContinuousClock.now - start < patience else { throw error }
        if isFirst { waiting(error) }
        isFirst = false
      }
      try await Task.sleep(for: interval)
    }
  }

  /// Looks and decides what is to be done until nobody can read a volume without its key.
  package static func locking(
    _ spec: VolumeSpec, on host: some Host
  ) async throws -> Consideration {
    let facts = try await host.look(for: spec)
    return Consideration(spec: spec, facts: facts, plan: try Plan.locking(spec, facts))
  }

  /// Looks and decides how the volume on the spec's disk becomes this machine's own.
  package static func adopting(
    _ spec: VolumeSpec, on host: some Host
  ) async throws -> Consideration {
    let facts = try await host.look(for: spec)
    return Consideration(spec: spec, facts: facts, plan: try Plan.adopting(spec, facts))
  }
}
