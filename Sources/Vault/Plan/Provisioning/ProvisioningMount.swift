import BlockDevices
import LUKS

/// The open volume, its filesystem, and where that is mounted.
extension Provisioning {
  func addOpening(to plan: inout Plan) throws(Refusal) {
    switch standing {
    case .keyed(_, let header), .formatted(_, let header), .ready(_, let header):
      try header.check(against: spec.policy, of: spec.name, on: disk.disk.path)
    case .blank, .condemned, .interrupted: break
    }
    let check = MappingCheck(spec, facts, disk, uuid: identifiers.luks)
    let isOpen = try check.isOpen()
    if isOpen, standing.takesNewHeader {
      throw Refusal(
        "'/dev/mapper/\(spec.name)' is open, and its header on '\(disk.disk.path)' is gone",
        advice:
          "Save its data while it is open: it cannot be opened again. If nothing in it is needed, close it: cryptsetup close \(spec.name)"
      )
    }
    if case .formatted = standing, facts.mountPoint == .volume {
      throw Refusal(
        "volume '\(spec.name)' is mounted at '\(spec.mount)', and esvault never finished it",
        advice: "Look at what is on it, then unmount it: umount \(spec.mount)")
    }
    plan.add(.open(opening), unless: isOpen)
    var isReady = false
    if case .ready = standing { isReady = true }
    try check.checkInside(filesystem: identifiers.filesystem, isReady: isReady)
    plan.add(.filesystem(opening), unless: isReady)
  }

  func addMount(to plan: inout Plan) throws(Refusal) {
    let check = MountPointCheck(spec, facts)
    guard try !check.isMounted() else { return }
    plan.add(.guardMountPoint(spec.mount), unless: check.isGuarded)
    plan.steps.append(.mount(Mounting(opening: opening, path: spec.mount)))
  }

  private var opening: Opening {
    Opening(
      disk: disk.disk.identity, name: spec.name, uuid: identifiers.luks,
      filesystem: identifiers.filesystem, policy: spec.policy, timeout: spec.timeout)
  }
}
