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
    // An operator's file may be a link. Nobody but esvault makes its own, and where the service's user can
    // write the directory, a link there would lead root anywhere.
    try file.replace(
      with: bytes, mode: 0o644, keepingBackup: !setting.ownFile, followingLink: !setting.ownFile)
  }

  func setDataPath(_ path: String?, logs: String? = nil, in configuration: String) throws {
    let file = AtomicFile(configuration + "/elasticsearch.yml")
    guard let bytes = try file.bytes() else { throw FileError("read", file.path, ENOENT) }
    let change = SettingsChange(data: path, logs: logs)
    let edited = try SettingsFile.parse(bytes).setting(change.settings)
    if edited != bytes { try file.replace(with: edited, keepingBackup: true) }
  }

  func start(_ service: String, data: String, expecting node: RecordedNode?) async throws {
    if let node,
      let problem = NodeMismatch(
        recorded: node.id, present: NodeStateFacts(inDataPath: data), on: node.volume)
    {
      throw StepFailure(problem.description, advice: problem.advice)
    }
    releaseLock()
    statesBeforeStart = try NodeState.files(inDataPath: data)
    do {
      // Elasticsearch's own unit allows up to 900 s from 8.7 on.
      try await Program("systemctl").succeed(["start", "--", service], limit: .seconds(960))
    } catch {
      throw await failure("could not start '\(service)': \(error)", of: service)
    }
  }
}
