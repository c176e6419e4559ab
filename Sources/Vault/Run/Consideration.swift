/// A spec, the facts that were found for it, and the plan that follows.
package struct Consideration: Equatable, Sendable {
  package let spec: VolumeSpec
  package let facts: Facts
  package let plan: Plan

  /// Looks at the machine and decides.
  ///
  /// - Parameter settling: how long a disk that nobody named must stay the only blank one: at first
  ///   boot a cloud attaches its disks one after the other.
  /// - Throws: ``Refusal``, or what kept the host from looking.
  package static func provisioning(
    _ spec: VolumeSpec, on host: some Host, settling: Duration = .seconds(3)
  ) async throws -> Consideration {
    let first = try await look(spec, on: host)
    guard spec.device == nil, spec.uuid == nil else { return first }
    try await Task.sleep(for: settling)
    let second = try await look(spec, on: host)
    guard second.disk == first.disk else {
      throw Refusal(
        "the machine's disks are still changing",
        advice: "Run the command again, or name the disk.", patience: .seconds(60))
    }
    return second
  }

  private static func look(_ spec: VolumeSpec, on host: some Host) async throws -> Consideration {
    let facts = try await host.look(for: spec)
    return Consideration(spec: spec, facts: facts, plan: try Plan.provisioning(spec, facts))
  }

  private var disk: DiskIdentity? {
    for case .format(let formatting) in plan.steps { return formatting.disk }
    return nil
  }
}

extension Consideration {
  /// Why a finished machine is not simply left alone: a blank disk is attached that belongs to no
  /// volume, and that nobody named.
  ///
  /// - Returns: the refusal; nil where there is no such disk.
  package func refusalForBlankDisk(on host: some Host) async throws -> Refusal? {
    var anyone = spec
    anyone.device = nil
    anyone.uuid = nil
    let facts = try await host.look(for: anyone)
    // Its own disk is none of these: that is not blank.
    let strays = DiskChoice(spec: anyone, facts: facts).unclaimedBlankDisks
    guard let disk = strays.first else { return nil }
    return Refusal(
      "volume '\(spec.name)' is finished, and the blank disk '\(disk.disk.path)' belongs to no volume of the configuration",
      advice:
        "To check the volume alone: esvault provision --name \(spec.name). To make the disk a volume as well, name it: esvault provision \(disk.disk.path) --name NAME --mount DIR"
    )
  }
}
