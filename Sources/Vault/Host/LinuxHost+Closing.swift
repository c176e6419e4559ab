import BlockDevices
import Glibc
import LUKS

/// The steps that take a volume out of use.
extension LinuxHost {
  /// How long somebody may hold the volume who will let go by himself: udev and others that watch
  /// disks open each for a moment.
  private static let patience = Duration.seconds(5)

  func stop(_ service: String, timeout: Int) async throws {
    switch await SystemdUnit.look(at: service).state {
    case .stopped, .missing: return
    case .running, .unknown: break
    }
    do {
      // Elasticsearch's own unit lets it take as long as it likes to shut down.
      try await Program("systemctl").succeed(["stop", "--", service], limit: .seconds(timeout))
    } catch {
      guard case .tooLong = error else {
        throw await failure("could not stop '\(service)': \(error)", of: service)
      }
      throw await failure(
        "could not stop '\(service)': it still runs after \(timeout) s", of: service)
    }
  }

  func unmount(_ closing: Closing) async throws {
    try await patiently(closing) {
      while try self.ownMount(closing) != nil {
        guard try self.unmountNow(closing) else { return false }
      }
      return true
    } else: {
      let holders = try Holders.ofMount(on: number(of: closing), devices: devices)
      return StepFailure(
        "could not unmount '\(closing.mount)': it is in use by \(Holder.list(holders))",
        advice: Holder.advice(holders, place: closing.mount))
    }
  }

  func closeVolume(_ closing: Closing) async throws {
    try await patiently(closing) {
      guard try self.ownMapping(closing) != nil else { return true }
      return try self.closeNow(closing)
    } else: {
      let holders = try Holders.ofDevice(number(of: closing), devices: devices)
      let device = "/dev/mapper/\(closing.name)"
      return StepFailure(
        "could not close '\(device)': it is in use by \(Holder.list(holders))",
        advice: Holder.advice(holders, place: device))
    }
  }

  /// Our mount at the mount point; nil when nothing is mounted there.
  private func ownMount(_ closing: Closing) throws -> Mount? {
    let mapping = try ownMapping(closing)
    guard let mount = try MountTable.current().mount(at: closing.mount) else { return nil }
    guard mapping != nil, try mount.number == number(of: closing) else {
      throw StepFailure(
        "'\(mount.source)' is mounted at '\(closing.mount)', not volume '\(closing.name)'",
        advice: "See what it is: findmnt \(closing.mount.shellWord)")
    }
    return mount
  }

  /// Our mapping as the kernel has it, which needs no answer of its disk; nil when there is none.
  private func ownMapping(_ closing: Closing) throws -> Mapping? {
    let active: Mapping?
    do { active = try Mapping.active(closing.name) } catch {
      guard case .notAnEncryptedMapping = error else { throw error }
      throw foreign(closing, "is not a LUKS volume")
    }
    guard let active else { return nil }
    guard active.uuid.lowercased() == closing.uuid.lowercased() else {
      throw foreign(closing, "has the LUKS UUID \(active.uuid), not \(closing.uuid)")
    }
    return active
  }

  private func foreign(_ closing: Closing, _ what: String) -> StepFailure {
    StepFailure(
      "'/dev/mapper/\(closing.name)' is not volume '\(closing.name)': it \(what)",
      advice: "Nothing was changed. See what it is: dmsetup table \(closing.name)")
  }

  private func number(of closing: Closing) throws -> DeviceNumber {
    try devices.disk(at: "/dev/mapper/\(closing.name)").number
  }

  /// - Returns: false while it is busy.
  private func unmountNow(_ closing: Closing) throws -> Bool {
    let path = closing.mount
    do {
      return try Watchdog.run(limit: .seconds(closing.timeout)) {
        // Not lazily (MNT_DETACH): that only hides the mount, while whoever has a file open writes
        // on, and the volume cannot be closed. Nor by force, which ext4 does not know.
        if umount2(path, Int32(UMOUNT_NOFOLLOW)) == 0 { return true }
        guard errno == EBUSY else { throw FileError("unmount", path, errno) }
        return false
      }
    } catch is Watchdog.TimedOut {
      throw StepFailure(
        "could not unmount '\(path)': it still writes after \(closing.timeout) s",
        advice: "The kernel goes on with it. See whether the disk answers: dmesg")
    }
  }

  /// - Returns: false while it is busy.
  private func closeNow(_ closing: Closing) throws -> Bool {
    do {
      try Watchdog.run(limit: .seconds(closing.timeout)) { try Mapping.close(closing.name) }
    } catch is Watchdog.TimedOut {
      throw StepFailure.closing(closing, tookLongerThan: .seconds(closing.timeout))
    } catch LUKSError.deviceBusy {
      return false
    } catch LUKSError.notActive {
      return true
    }
    return true
  }

  /// Tries until those have let go who hold the volume for a moment only.
  private func patiently(
    _ closing: Closing, _ attempt: () throws -> Bool, else failure: () throws -> StepFailure
  ) async throws {
    let deadline = ContinuousClock.now + min(Self.patience, .seconds(closing.timeout))
    while try !attempt() {
      guard ContinuousClock.now < deadline else { throw try failure() }
      try await Task.sleep(for: .milliseconds(100))
    }
  }
}
