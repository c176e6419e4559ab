import BlockDevices
import Glibc

/// The step that mounts an open volume.
extension LinuxHost {
  func mount(_ mounting: Mounting) async throws {
    let (opening, path) = (mounting.opening, mounting.path)
    let device = "/dev/mapper/\(opening.name)"
    try checkMapping(opening)
    let inside = try Contents.signature(at: device)
    guard inside?.type == "ext4", inside?.uuid == opening.filesystem else {
      throw StepFailure(
        "volume '\(opening.name)' should hold the ext4 filesystem \(opening.filesystem), and holds \(inside?.description ?? "none")",
        advice:
          "esvault never makes the filesystem of a finished volume anew. Restore it from a snapshot."
      )
    }
    guard Directories.names(in: path)?.isEmpty == true else {
      throw StepFailure(
        "the mount point '\(path)' is not empty", advice: "Look at it: ls -la \(path.shellWord)")
    }
    try await checkFilesystem(of: opening.name)
    // Not noexec: Elasticsearch's temporary directory, from which it loads libraries, may move here.
    let flags = UInt(MS_NOATIME) | UInt(MS_NODEV) | UInt(MS_NOSUID)
    // Whatever its superblock says: a filesystem that has found itself damaged is not written any more.
    guard Glibc.mount(device, path, "ext4", flags, "errors=remount-ro") == 0 else {
      throw FileError("mount '\(device)' at", path, errno)
    }
    if let directory = mounting.directory { try compare(directory, on: opening.name) }
  }

  /// Has e2fsck mend what it can without a doubt, if the filesystem was not left in order.
  private func checkFilesystem(of name: String) async throws {
    let device = "/dev/mapper/\(name)"
    // Where it is mounted already, the kernel has it in hand, and its journal is rightly open.
    guard Holders.mounts(of: try devices.disk(at: device).number).isEmpty else { return }
    try await awaitRelease(of: device, by: "e2fsck")
    guard let state = try ExtState.read(device), !state.isClean else { return }
    let output = try await runCheck(of: device, name)
    let check = FilesystemCheck(
      volume: name, status: output.status, said: output.text + output.errors)
    if let failure = check.failure { throw failure }
    say(check.description)
  }

  private func runCheck(of device: String, _ name: String) async throws -> Program.Output {
    do {
      // -p mends only what is safe to mend without asking. Never killed: it writes. Its time is
      // bounded by the disk's own errors.
      return try await Program("e2fsck").run(["-p", device], limit: nil)
    } catch {
      throw StepFailure(
        "volume '\(name)' was not unmounted in order, and is not mounted unchecked: \(error)",
        advice: "Look whether it is there: e2fsck -V. It comes with the package e2fsprogs.")
    }
  }

  /// Elasticsearch would fail on directories of somebody else, or show them to everybody.
  private func compare(_ directory: DataDirectory, on name: String) throws {
    let facts = try lookAtDirectories(directory.mount, data: directory.path)
    guard let mismatch = directory.mismatch(with: facts) else { return }
    throw StepFailure(
      "volume '\(name)' is mounted, and \(mismatch)", advice: directory.mending(facts))
  }
}
