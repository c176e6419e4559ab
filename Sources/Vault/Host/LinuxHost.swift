import BlockDevices
import Elasticsearch
import Glibc
import LUKS

/// The machine that this program runs on.
///
/// Everything dangerous is in this folder. Looking is in `LinuxHost+Looking…`, one change each in
/// `LinuxHost+…`.
package final class LinuxHost: Host {
  let configurationPath: String
  let keys: any KeySource
  let devices = BlockDevices()
  /// Where units find esvault.
  let program: String?
  /// Is told how far a long write has come: bytes done, bytes in all.
  var progress: (UInt64, UInt64) -> Void
  /// Is told what a person should know of a step, besides its success.
  var say: (String) -> Void
  /// Held while this process may change the machine.
  private var lock: MachineLock?
  /// The node state files that were there before the service was started.
  var statesBeforeStart: [NodeStateFile] = []

  package init(
    configurationPath: String = Configuration.defaultPath, keys: any KeySource,
    lock: MachineLock? = nil, program: String? = UnitsSurvey.ownProgram(),
    progress: @escaping (UInt64, UInt64) -> Void = { _, _ in },
    say: @escaping (String) -> Void = { _ in }
  ) {
    self.configurationPath = configurationPath
    self.keys = keys
    self.lock = lock
    self.program = program
    self.progress = progress
    self.say = say
    LUKSLibrary.captureLog()
  }

  package func perform(_ step: Step) async throws {
    switch step {
    case .wipe(let wiping): try await wipe(wiping)
    case .key(let path): try GeneratedKey.store(at: path)
    case .format(let formatting): try await format(formatting)
    case .open(let opening): try await open(opening)
    case .filesystem(let opening): try await makeFilesystem(opening)
    case .guardMountPoint(let path): try guardMountPoint(path)
    case .mount(let mounting): try await mount(mounting)
    case .directory(let directory): try makeDirectory(directory)
    case .record(let volume, let adoption): try record(volume, adoption)
    case .units(let units): try await write(units)
    case .heap(let setting): try setOptions(setting)
    case .dataPath(let configuration, let path, let logs):
      try setDataPath(path, logs: logs, in: configuration)
    case .enable(let units): try await enable(units)
    case .start(let service, let data, let node):
      try await start(service, data: data, expecting: node)
    case .verify(let verification): try await verify(verification)
    case .stop(let service, let timeout): try await stop(service, timeout: timeout)
    case .unmount(let closing): try await unmount(closing)
    case .close(let closing): try await closeVolume(closing)
    }
  }

  /// From here on this process may change the machine.
  package func hold(_ lock: MachineLock) {
    self.lock = lock
  }

  /// Makes a small change under the lock, which is taken again where a start has released it.
  func locked(_ change: () throws -> Void) async throws {
    let again =
      lock == nil ? try await MachineLock.taken(for: "provision", within: .seconds(30)) : nil
    defer { again?.release() }
    try change()
  }

  /// Lets the next esvault at the machine: the unit that Elasticsearch waits for must never wait for
  /// the run that waits for Elasticsearch.
  package func releaseLock() {
    lock?.release()
    lock = nil
  }
}
