/// Looking and deciding about a volume that exists already.
extension Consideration {
  /// Looks and decides what is missing until a recorded volume is open and mounted.
  ///
  /// A disk that is not there yet is waited for: at boot, a cloud attaches its disks one after the
  /// other. So is another esvault at work. The bound is the spec's `timeout`, and for some refusals
  /// less.
  ///
  /// - Parameters:
  ///   - hold: takes the machine's lock, under which the plan is made and carried out.
  ///   - release: gives it back for as long as there is nothing to do but to wait.
  ///   - waiting: is told what is waited for, and how long at most.
  /// - Throws: ``Refusal``, or what kept the host from looking.
  package static func unlocking(
    _ spec: VolumeSpec, on host: some Host, hold: () throws -> Void = {},
    release: () -> Void = {}, waiting: (Refusal, Duration) -> Void = { _, _ in }
  ) async throws -> Consideration {
    var patience = Patience(limit: .seconds(spec.timeout))
    let pace = Pace()
    while true {
      do {
        try hold()
        let facts = try await host.look(for: spec)
        return Consideration(spec: spec, facts: facts, plan: try Plan.unlocking(spec, facts))
      } catch let refusal as Refusal {
        guard patience.bears(refusal, saying: waiting) else { throw refusal }
        release()
      }
      try await pace.pause()
    }
  }

  /// Looks and decides what is to be done until nobody can read a volume without its key.
  package static func locking(
    _ spec: VolumeSpec, on host: some Host
  ) async throws -> Consideration {
    let facts = try await host.look(for: spec, readsDisks: false)
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
