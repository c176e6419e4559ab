import BlockDevices
import Glibc
import LUKS

/// What the kernel has under a volume's name.
extension LinuxHost {
  /// The mapping as the kernel has it, without a look at what is in it.
  func lookAtTable(of name: String) -> MappingFacts {
    guard hasDeviceMapper() else { return .none }
    do {
      guard let mapping = try Mapping.active(name) else { return try unfinishedMapping(name) }
      return .unreadable(mapping, above: [], "it was not looked into")
    } catch {
      return .other("\(error)")
    }
  }

  func lookAtMapping(_ name: String) -> MappingFacts {
    let path = "/dev/mapper/\(name)"
    let hasNode = access(path, F_OK) == 0
    guard hasNode || hasDeviceMapper() else { return .none }
    do {
      guard let mapping = try Mapping.active(name) else { return try unfinishedMapping(name) }
      guard hasNode else { return try withoutNode(mapping) }
      let device = try devices.disk(at: path)
      var above = try devices.wholeDisks(beneath: device.number)
      above.remove(device.name)
      guard devices.mapping(named: name)?.isSuspended != true else {
        // Whoever reads it now waits for ever.
        return .unreadable(mapping, above: above, "it is suspended")
      }
      do {
        if let silence = devices.silence(of: device) { throw silence }
        return .encrypted(mapping, above: above, inside: try Contents.signature(at: path))
      } catch {
        return .unreadable(mapping, above: above, "\(error)")
      }
    } catch {
      return .other("\(error)")
    }
  }

  private func unfinishedMapping(_ name: String) throws(LUKSError) -> MappingFacts {
    try Mapping.unfinishedUUID(name).map { .unfinished(uuid: $0) } ?? .none
  }

  /// The kernel has the mapping, and udev has not answered when it was made.
  private func withoutNode(_ mapping: Mapping) throws -> MappingFacts {
    let disks = try DeviceNumber(mapping.device).map { try devices.wholeDisks(beneath: $0) }
    return .unreadable(mapping, above: disks ?? [], "udev has not made its node")
  }

  /// Opening the control node loads the module where it is not loaded yet.
  func hasDeviceMapper() -> Bool {
    let control = Glibc.open("/dev/mapper/control", O_RDWR | O_CLOEXEC)
    if control >= 0 { close(control) }
    return control >= 0
  }
}
