import BlockDevices
import Glibc
import LUKS

/// The steps that write a disk.
extension LinuxHost {
  /// The disk at that path, if it still is the one that the plan means.
  func same(_ identity: DiskIdentity) throws -> Disk {
    let disk = try devices.disk(at: identity.path)
    guard disk.identity == identity else {
      throw StepFailure(
        "'\(identity.path)' is another disk than a moment ago",
        advice: "Run the command again: it looks anew.")
    }
    return disk
  }

  /// That disk as it is this moment, if it still may be written.
  private func confirmed(_ identity: DiskIdentity, for name: String) throws -> DiskFacts {
    let disk = try same(identity)
    let facts = try DiskSurvey(devices: devices, own: name, intent: IntentStore(name: name).load())
      .facts(of: disk)
    if let obstacle = facts.obstacle() { throw obstacle }
    return facts
  }

  private func changed(_ identity: DiskIdentity, _ facts: DiskFacts) -> StepFailure {
    StepFailure(
      "'\(identity.path)' has changed since it was looked at: it holds \(facts.belongings ?? "nothing")",
      advice: "Run the command again: it looks anew.")
  }

  func wipe(_ wiping: Wiping) async throws {
    let held = try HeldDevice(wiping.disk.path)
    defer { held.release() }
    let facts = try confirmed(wiping.disk, for: wiping.name)
    // What was named to be destroyed is destroyed, and nothing that has come since.
    if case .holds = facts.contents, facts.loss != wiping.contents {
      throw changed(wiping.disk, facts)
    }
    try recordIntent(wiping.disk, wiping.name, wiping.identifiers)
    let eraser = DeviceEraser(path: wiping.disk.path, bytes: wiping.disk.bytes)
    try await MomentaryClaim.outlast {
      try eraser.erase(everySector: wiping.overwrite, progress: progress)
    }
  }

  private func recordIntent(_ disk: DiskIdentity, _ name: String, _ identifiers: Identifiers) throws
  {
    try IntentStore(name: name).store(
      Intent(
        name: name, serial: disk.serial, bytes: disk.bytes, identifiers: identifiers,
        time: Glibc.time(nil)))
  }

  func format(_ formatting: Formatting) async throws {
    let name = formatting.token.name
    let held = try HeldDevice(formatting.disk.path)
    defer { held.release() }
    let facts = try confirmed(formatting.disk, for: name)
    try check(facts, formatting)
    // An earlier run, or the operator, may have made the file a moment ago.
    try keys.makeDurable()
    if formatting.start == .keyed {
      try keys.withKey { key in try addToken(formatting, afterChecking: key) }
    } else {
      let identifiers = Identifiers(
        luks: formatting.header.uuid, filesystem: formatting.token.filesystem)
      try recordIntent(formatting.disk, name, identifiers)
      try await MomentaryClaim.outlast {
        try keys.withKey { key in try writeHeader(formatting, with: key) }
      }
    }
    try reopen(formatting)
  }

  /// Looks once more: what is about to be overwritten must be what the plan says.
  private func check(_ facts: DiskFacts, _ formatting: Formatting) throws {
    let isAsPlanned =
      switch formatting.start {
      case .blank: facts.contents == .blank && facts.disk.partitions.isEmpty
      case .wiped:
        try facts.contents.hasNoSignature && facts.disk.partitions.isEmpty
          && DeviceEraser(path: facts.disk.path, bytes: facts.disk.bytes).hasErased()
      case .interrupted, .keyed:
        try IntentStore(name: formatting.token.name).load().map {
          facts.isOwnWork(of: $0, keyed: formatting.start == .keyed)
        } ?? false
      }
    guard isAsPlanned else { throw changed(formatting.disk, facts) }
  }

  private func writeHeader(_ formatting: Formatting, with key: borrowing Secret) throws {
    var device = try LUKSDevice.open(formatting.disk.path)
    try device.format(formatting.header)
    _ = try device.addKeyslot(key, derivation: formatting.derivation)
    _ = try device.writeToken(formatting.token.json(), id: nil)
  }

  private func addToken(_ formatting: Formatting, afterChecking key: borrowing Secret) throws {
    var device = try LUKSDevice.open(formatting.disk.path)
    try device.load()
    _ = try device.check(key)
    _ = try device.writeToken(formatting.token.json(), id: nil)
  }

  /// Opens the header anew, with the key as it is stored: what was just written must be enough.
  private func reopen(_ formatting: Formatting) throws {
    var device = try LUKSDevice.open(formatting.disk.path)
    try device.load()
    try keys.withKey { _ = try device.check($0) }
    let header = device.header()
    let policy = Policy(formatting.header)
    try header.check(against: policy, of: formatting.token.name, on: formatting.disk.path)
    guard header.uuid == formatting.header.uuid, header.label == formatting.header.label else {
      throw StepFailure(
        "the header of '\(formatting.disk.path)' is not the one that was written",
        advice: "Check the disk: dmesg, smartctl -a \(formatting.disk.path)")
    }
  }
}

extension Contents {
  fileprivate var hasNoSignature: Bool {
    switch self {
    case .blank: true
    case .holds: false
    // Behind the erased places old data may remain; what cannot be read shows there.
    case .unknown: true
    }
  }
}

extension DiskFacts {
  /// Whether the disk is as an interrupted run with that intent left it.
  fileprivate func isOwnWork(of intent: Intent, keyed: Bool) -> Bool {
    if case .header(let header) = header, header.isEsvault {
      return header.uuid == intent.identifiers.luks && header.keyslots.isEmpty != keyed
        && !header.tokens.contains { $0.type == VolumeToken.type }
        && intent.matches(serial: disk.serial, bytes: disk.bytes)
    }
    return !keyed && isNoise(of: intent)
  }
}
