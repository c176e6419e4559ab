import BlockDevices
import LUKS

/// The step that makes the filesystem, and declares the volume ready.
extension LinuxHost {
  func makeFilesystem(_ opening: Opening) async throws {
    let path = "/dev/mapper/\(opening.name)"
    try checkMapping(opening)
    try await awaitRelease(of: path, by: "mke2fs")
    var (token, id) = try checkedHeader(opening)
    let inside = try Contents.signature(at: path)
    let isUnfinished = inside?.type == "ext4" && inside?.uuid == opening.filesystem
    guard token.phase == .formatted, token.filesystem == opening.filesystem,
      inside == nil || isUnfinished
    else {
      throw StepFailure(
        "volume '\(opening.name)' holds \(inside?.description ?? "a finished filesystem") already",
        advice: "Nothing was written. Look at it: blkid -p \(path)")
    }
    // Whoever mounted it by hand may have put data there, though no run of ours ever declared it ready.
    guard try !ExtHistory.hasBeenMounted(path) else {
      throw StepFailure(
        "the filesystem of volume '\(opening.name)' has been mounted, and esvault never finished it",
        advice: "Nothing was written. Look at what is on it: mount -o ro \(path) /mnt/look")
    }
    // Never killed: it writes. Its time is bounded by the disk's own errors.
    try await Program("mke2fs").succeed(
      ["-q", "-t", "ext4", "-e", "remount-ro", "-U", opening.filesystem, path], limit: nil)
    let made = try Contents.signature(at: path)
    guard made?.uuid == opening.filesystem else {
      throw StepFailure(
        "mke2fs reported success, and '\(path)' holds no filesystem \(opening.filesystem)",
        advice: "Check the disk: dmesg, smartctl -a \(opening.disk.path)")
    }
    token.phase = .ready
    var device = try LUKSDevice.open(opening.disk.path)
    try device.load()
    _ = try device.writeToken(token.json(), id: id)
  }

  private func mounts(of device: String) throws -> [Mount] {
    try MountTable.current().mounts(of: devices.disk(at: device).number)
  }

  /// A run that was killed leaves its mke2fs or e2fsck at work, which holds the device until it has
  /// ended.
  func awaitRelease(of path: String, by program: String) async throws {
    guard try mounts(of: path).isEmpty else {
      throw StepFailure("'\(path)' is mounted", advice: "See where: findmnt \(path)")
    }
    let limit = 600
    let deadline = ContinuousClock.now + .seconds(limit)
    while isInUse(path) == true {
      guard ContinuousClock.now < deadline else {
        throw StepFailure(
          "'\(path)' is still in use after \(limit) s: an earlier \(program) may be at work",
          advice: "See who uses it: fuser -v \(path). Then run the command again.")
      }
      try await Task.sleep(for: .milliseconds(250))
    }
  }
}
