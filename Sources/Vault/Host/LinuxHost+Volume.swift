import BlockDevices
import Glibc
import LUKS

/// The steps that open a volume, and make the place to mount it and the directories in it.
extension LinuxHost {
  func open(_ opening: Opening) async throws {
    let held = try HeldDevice(opening.disk.path)
    defer { held.release() }
    _ = try same(opening.disk)
    _ = try checkedHeader(opening)
    try await MomentaryClaim.outlast { try activate(opening) }
    try checkMapping(opening)
  }

  /// With a limit: the kernel maps at once, and then libcryptsetup waits until udev has made the node.
  private func activate(_ opening: Opening) throws {
    let keys = keys
    do {
      // All that the call uses is made on its own thread, which may outlive this one's interest.
      try Watchdog.run(limit: .seconds(opening.timeout)) {
        try keys.withKey { key in
          try Mapping.removeUnfinished(opening.name, uuid: opening.uuid)
          var device = try LUKSDevice.open(opening.disk.path)
          try device.load()
          // What is opened is what was just loaded, whatever the disk said before.
          try opening.check(device.header())
          try device.activate(as: opening.name, with: key, allowDiscards: false)
        }
      }
    } catch let late as Watchdog.TimedOut {
      throw StepFailure.opening(opening, tookLongerThan: late.limit)
    }
  }

  /// The header on the disk, compared once more with what it must say.
  func checkedHeader(_ opening: Opening) throws -> (token: VolumeToken, id: Int) {
    guard let header = try Header.read(from: opening.disk.path) else { throw opening.mismatch }
    try opening.check(header)
    guard let token = header.tokens.first(where: { $0.type == VolumeToken.type }) else {
      throw opening.mismatch
    }
    return (try VolumeToken.decode(token.json), token.id)
  }

  /// The mapping must be ours: this disk, this UUID.
  func checkMapping(_ opening: Opening) throws {
    guard case .encrypted(let mapping, let above, _) = lookAtMapping(opening.name),
      mapping.uuid == opening.uuid, mapping.follows(opening.policy),
      let disk = try? devices.disk(at: opening.disk.path), above.contains(disk.name)
    else {
      throw StepFailure(
        "'/dev/mapper/\(opening.name)' is not the volume on '\(opening.disk.path)'",
        advice: "See what it is: dmsetup table \(opening.name)")
    }
  }

  func guardMountPoint(_ path: String) throws {
    try Directories.make(path, mode: 0o700)
    guard try MountTable.current().mount(at: path) == nil,
      Directories.names(in: path)?.isEmpty == true
    else {
      throw StepFailure(
        "the mount point '\(path)' is in use or not empty",
        advice: "Look at it: ls -la \(path.shellWord)")
    }
    try ImmutableFlag.set(on: path)
  }

  func makeDirectory(_ directory: DataDirectory) throws {
    try checkMounted(at: directory.mount)
    let present = try lookAtDirectories(
      directory.mount, data: directory.path, others: directory.others)
    if let refusal = directory.refusal(for: present) { throw refusal }
    try set(0, 0, DataDirectory.rootMode, on: directory.mount)
    var parent = directory.mount
    for part in AbsolutePath.parts(of: directory.path, below: directory.mount).dropLast() {
      parent += "/\(part)"
      try make(parent)
      try set(0, 0, DataDirectory.rootMode, on: parent)
    }
    try make(directory.path)
    try set(directory.user, directory.group, DataDirectory.mode, on: directory.path)
    try Directories.sync(parent)
    for path in directory.others {
      try make(path)
      try set(directory.user, directory.group, DataDirectory.mode, on: path)
    }
    try Directories.sync(directory.mount)
  }

  /// On an unmounted mount point this would make the directory on the root disk.
  private func checkMounted(at path: String) throws {
    guard try MountTable.current().mount(at: path) != nil else {
      throw StepFailure("nothing is mounted at '\(path)'", advice: "Run the command again.")
    }
  }

  private func make(_ path: String) throws {
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw FileError("create", path, errno) }
  }

  private func set(_ user: uid_t, _ group: gid_t, _ mode: mode_t, on path: String) throws {
    let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError("open", path, errno) }
    defer { close(descriptor) }
    guard fchown(descriptor, user, group) == 0 else {
      throw FileError("set the owner of", path, errno)
    }
    guard fchmod(descriptor, mode) == 0 else { throw FileError("set the mode of", path, errno) }
    guard fsync(descriptor) == 0 else { throw FileError("sync", path, errno) }
  }
}

extension Opening {
  /// Throws where a header is not the one that the disk had, or not as it must be.
  fileprivate func check(_ header: Header) throws {
    guard header.uuid == uuid else { throw mismatch }
    try header.check(against: policy, of: name, on: disk.path)
  }

  fileprivate var mismatch: StepFailure {
    StepFailure(
      "'\(disk.path)' does not carry the header of volume '\(name)' any more",
      advice: "Look at it: cryptsetup luksDump \(disk.path)")
  }
}
