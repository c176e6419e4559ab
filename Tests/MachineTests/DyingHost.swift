import Glibc
import Vault

/// The real machine, until a step is done: then the process is killed as if the power had failed.
final class DyingHost: Vault.Host {
  private let machine: LinuxHost
  private let lastStep: String

  private init(_ machine: LinuxHost, dyingAfter step: String) {
    self.machine = machine
    lastStep = step
  }

  func look(for spec: VolumeSpec, readsDisks: Bool) async throws -> Facts {
    try await machine.look(for: spec, readsDisks: readsDisks)
  }

  func perform(_ step: Step) async throws {
    try await machine.perform(step)
    if step.id == lastStep { kill(getpid(), SIGKILL) }
  }

  /// As `esvault provision DISK --generate-key` does it.
  static func provision(_ path: String, dyingAfter step: String) async throws {
    var request = VolumeRequest()
    request.device = path
    request.generatesKey = true
    let configuration = try LinuxHost.configuration(at: Configuration.defaultPath)
    for spec in request.specs(in: configuration) {
      let machine = LinuxHost(
        keys: KeyFile("/etc/esvault/keys/esvol.key"), lock: try MachineLock(for: "provision"),
        program: "/payload/esvault")
      let host = DyingHost(machine, dyingAfter: step)
      let considered = try await Consideration.provisioning(spec, on: host)
      _ = await considered.plan.carryOut(on: host) { record in
        if let failure = record.failure { print("\(record.step.id): \(failure)") }
      }
    }
  }

  /// As `esvault unlock --adopt DISK --key-file FILE` does it.
  static func adopt(_ path: String, keyFile: String, dyingAfter step: String) async throws {
    var request = VolumeRequest()
    request.device = path
    request.keyFile = keyFile
    let configuration = try LinuxHost.configuration(at: Configuration.defaultPath)
    let machine = LinuxHost(keys: KeyFile(keyFile))
    let unknown = request.adopting(nil, in: configuration)
    let candidate = try await Candidate(unknown, machine.look(for: unknown))
    let host = DyingHost(machine, dyingAfter: step)
    let considered = try await Consideration.adopting(
      request.adopting(candidate, in: configuration), on: host)
    _ = await considered.plan.carryOut(on: host) { record in
      if let failure = record.failure { print("\(record.step.id): \(failure)") }
    }
  }
}
