import BlockDevices
import Elasticsearch
import Glibc
import LUKS

/// The step that believes Elasticsearch only what can be seen.
extension LinuxHost {
  /// How long the node has for its first answer, once its state is on the volume. It listens when it
  /// has joined its cluster, for which it waits 30 s (`discovery.initial_state_timeout`).
  private static let answerLimit = Duration.seconds(60)

  /// Waits until Elasticsearch has written its node state on this volume, asks the node itself, and
  /// records who it is.
  func verify(_ verification: Verification) async throws {
    let state = try await awaitState(verification)
    if let problem = NodeMismatch(
      recorded: verification.node, present: .present(state), on: verification.name)
    {
      throw StepFailure(problem.description, advice: problem.advice)
    }
    try await ask(state, verification)
    if verification.node == nil { try await record(state.nodeID, of: verification.name) }
  }

  /// The state must be new, if this run has started the service; it must decode, and it must lie on
  /// the volume's own device.
  private func awaitState(_ verification: Verification) async throws -> NodeState {
    let device = try mapping(verification).number
    let deadline = ContinuousClock.now + .seconds(verification.timeout)
    let pace = Pace()
    var last = "there is none"
    while ContinuousClock.now < deadline {
      let unit = await SystemdUnit.look(at: verification.service)
      do {
        if let state = try newState(in: verification.data) {
          let isHere = try self.device(of: state.file) == device
          if isHere, unit.hasOpen(below: verification.data) ?? true { return state }
          last =
            isHere
            ? "the service does not use '\(state.file)'" : "'\(state.file)' is on another device"
        }
      } catch {
        last = "\(error)"
      }
      if unit.hasEnded {
        throw await failure(
          "'\(verification.service)' stopped before its node state appeared",
          of: verification.service)
      }
      try await pace.pause()
    }
    throw await failure(
      "no new node state appeared in '\(verification.data)' within \(verification.timeout) s: \(last)",
      of: verification.service)
  }

  private func mapping(_ verification: Verification) throws -> Disk {
    guard let disk = devices.mapping(named: verification.name)?.disk,
      case .mapping(_, let uuid) = disk.kind, Mapping.luksUUID(in: uuid) == verification.uuid
    else {
      throw StepFailure(
        "'/dev/mapper/\(verification.name)' is not the volume '\(verification.uuid)'",
        advice: "See what it is: dmsetup info \(verification.name)")
    }
    return disk
  }

  /// A file that was not there before the start proves that the node has written, whichever it is; what
  /// the newest say together counts.
  private func newState(in data: String) throws -> NodeState? {
    let before = statesBeforeStart
    guard try NodeState.files(inDataPath: data).contains(where: { !before.contains($0) }) else {
      return nil
    }
    return try NodeState.find(inDataPath: data)
  }

  private func device(of path: String) throws -> DeviceNumber {
    var status = stat()
    guard stat(path, &status) == 0 else { throw FileError("look at", path, errno) }
    return DeviceNumber(status.st_dev)
  }

  /// Asks the node at every port where it listens, once each.
  ///
  /// That it tells nothing is no failure: from 8.0 on it speaks TLS, and wants to know who asks. A node
  /// that says otherwise than its state is one. Until it answers it may still fail its bootstrap checks,
  /// which come after its state.
  private func ask(_ state: NodeState, _ verification: Verification) async throws {
    let limit = min(Self.answerLimit, .seconds(verification.timeout))
    let deadline = ContinuousClock.now + limit
    let pace = Pace()
    var silent: Set<ListeningSocket> = []
    while ContinuousClock.now < deadline {
      let unit = await SystemdUnit.look(at: verification.service)
      if unit.hasEnded {
        throw await failure(
          "'\(verification.service)' stopped after it had written its node state",
          of: verification.service)
      }
      guard let processes = unit.processes else { return }
      for socket in ListeningSocket.of(processes: processes) where !silent.contains(socket) {
        switch NodeAnswer(at: socket) {
        case .testimony(let testimony): return try await judge(testimony, state, verification)
        // It is not ready yet.
        case .withheld(status: 503): continue
        case .withheld(let status):
          return say("the node was not asked where its data is: it answers status \(status)")
        case .silent: silent.insert(socket)
        }
      }
      // One for other nodes, and one for HTTP with TLS.
      if silent.count > 1 {
        return say("the node was not asked where its data is: it tells nothing without TLS")
      }
      try await pace.pause()
    }
    say("the node has written its state, and did not answer within \(limit.components.seconds) s")
  }

  private func judge(
    _ testimony: NodeTestimony, _ state: NodeState, _ verification: Verification
  ) async throws {
    let mapper = "/dev/mapper/\(verification.name)"
    let own = try mapping(verification).number
    let contradiction = testimony.contradiction(nodeID: state.nodeID, data: verification.data) {
      $0 == mapper || (try? devices.disk(at: $0).number) == own
    }
    guard let contradiction else { return }
    throw await failure(contradiction, of: verification.service)
  }

  /// The start has released the lock, and this is a write of its own: nothing is waited for under it.
  private func record(_ node: String, of name: String) async throws {
    try await locked {
      let configuration = try LinuxHost.configuration(at: configurationPath)
      guard var volume = configuration.volume(named: name), volume.node != node else { return }
      volume.node = node
      do {
        try AtomicFile(configurationPath).replace(with: configuration.recording(volume))
      } catch let error as ConfigurationError {
        // What was asked for is done, and the file is the operator's.
        say("the node's id is not recorded in '\(configurationPath)': \(error)")
      }
    }
  }
}

extension SystemdUnit {
  /// Whether it runs no more. Some units are started again and again: one that Elasticsearch itself has
  /// ended because of its configuration will not come up.
  fileprivate var hasEnded: Bool { state == .stopped || ending.isConfigurationError }
}
