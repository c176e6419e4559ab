import BlockDevices
import Elasticsearch
import Glibc
import SystemPackage

/// The steps that change files of the root disk, and those that start and watch Elasticsearch.
extension LinuxHost {
  func record(_ volume: RecordedVolume, _ adoption: Adoption?) throws {
    if let adoption { try adopt(adoption) }
    let bytes: [UInt8]
    do {
      bytes = try LinuxHost.configuration(at: configurationPath).recording(volume)
    } catch let error as ConfigurationError {
      throw error.refusal(path: configurationPath)
    }
    try Directories.make(FilePath(configurationPath).removingLastComponent().string, mode: 0o755)
    try AtomicFile(configurationPath).replace(with: bytes)
    // From here on the record vouches for the volume.
    try IntentStore(name: volume.name).remove()
  }

  func setOptions(_ setting: JVMSetting) throws {
    let file = AtomicFile(setting.path)
    let bytes = try setting.bytes(instead: try file.bytes().map(JVMOptions.parse))
    // A missing folder is legal. Others may read: whatever group it has, the service's user must.
    try Directories.make(FilePath(setting.path).removingLastComponent().string, mode: 0o755)
    try file.replace(with: bytes, mode: 0o644)
  }

  func setDataPath(_ path: String, logs: String?, in configuration: String) throws {
    let file = AtomicFile(configuration + "/elasticsearch.yml")
    guard var bytes = try file.bytes() else { throw FileError("read", file.path, ENOENT) }
    for (name, value) in [("path.data", path), ("path.logs", logs)] {
      if let value { bytes = try SettingsFile.parse(bytes).setting(name, to: value) }
    }
    try file.replace(with: bytes)
  }

  func start(_ service: String, data: String) async throws {
    releaseLock()
    statesBeforeStart = try NodeState.files(inDataPath: data)
    do {
      // Elasticsearch's own unit allows up to 900 s from 8.7 on.
      try await Program("systemctl").succeed(["start", "--", service], limit: .seconds(960))
    } catch {
      throw await failure("could not start '\(service)': \(error)", of: service)
    }
  }

  /// Waits until Elasticsearch has written its node state on this volume.
  ///
  /// The state must be new, if this run has started the service; it must decode, and the file must lie
  /// on the volume's own device.
  func verify(_ verification: Verification) async throws {
    let device = try devices.disk(at: "/dev/mapper/\(verification.name)").number
    let deadline = ContinuousClock.now + .seconds(verification.timeout)
    var last = "there is none"
    while ContinuousClock.now < deadline {
      let unit = await SystemdUnit.look(at: verification.service)
      do {
        if let state = try newState(in: verification.data) {
          let isHere = try self.device(of: state.file) == device
          if isHere, unit.hasOpen(below: verification.data) ?? true { return }
          last =
            isHere
            ? "the service does not use '\(state.file)'" : "'\(state.file)' is on another device"
        }
      } catch {
        last = "\(error)"
      }
      if unit.state == .stopped {
        throw await failure(
          "'\(verification.service)' stopped before its node state appeared",
          of: verification.service)
      }
      try await Task.sleep(for: .milliseconds(250))
    }
    throw await failure(
      "no new node state appeared in '\(verification.data)' within \(verification.timeout) s: \(last)",
      of: verification.service)
  }

  private func newState(in data: String) throws -> NodeState? {
    guard let newest = try NodeState.files(inDataPath: data).last,
      !statesBeforeStart.contains(newest)
    else { return nil }
    return try NodeState.read(newest)
  }

  private func device(of path: String) throws -> DeviceNumber {
    var status = stat()
    guard stat(path, &status) == 0 else { throw FileError("look at", path, errno) }
    return DeviceNumber(status.st_dev)
  }

  /// The service's last words, for whoever reads the error.
  func failure(_ what: String, of service: String) async -> StepFailure {
    let journal = try? await Program("journalctl").succeed(
      ["--unit", service, "--lines", "8", "--no-pager", "--output", "cat"], limit: .seconds(20))
    let lines = journal.map { $0.isEmpty ? "" : "\nits last journal lines:\n\($0)" } ?? ""
    return StepFailure(
      what + lines,
      advice:
        "The volume is whole. See why: journalctl -u \(service). Then run the command again: it continues here."
    )
  }
}
