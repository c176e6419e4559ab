import LUKS

/// Before an existing mapping is used, it is compared with the one that would be made.
struct MappingCheck {
  let spec: VolumeSpec
  let facts: Facts
  let disk: DiskFacts
  let uuid: String

  init(_ spec: VolumeSpec, _ facts: Facts, _ disk: DiskFacts, uuid: String) {
    self.spec = spec
    self.facts = facts
    self.disk = disk
    self.uuid = uuid
  }

  /// Whether the volume is open already.
  func isOpen() throws(Refusal) -> Bool {
    let name = "/dev/mapper/\(spec.name)"
    let advice = "See what it is, and close it if nobody needs it: dmsetup table \(spec.name)"
    switch facts.mapping {
    // What its own opening has left is taken away by the next.
    case .none, .unfinished(uuid): return false
    case .unfinished(let other):
      throw Refusal(
        "'\(name)' exists already: an opening of the volume with the LUKS UUID \(other) was cut off",
        advice: "If nobody opens that volume now, take it away: dmsetup remove \(spec.name)")
    case .other(let what):
      throw Refusal("'\(name)' exists already: \(what)", advice: advice)
    case .unreadable(let mapping, let above, let why) where mapping.uuid == uuid && !above.isEmpty:
      throw Refusal(
        "'\(name)' is open, and cannot be read: \(why)",
        advice:
          "If udev hangs, wake it with 'systemctl restart systemd-udevd'. If its disk was pulled out, take it down: esvault lock \(spec.name)"
      )
    case .encrypted(let mapping, let above, _), .unreadable(let mapping, let above, _):
      // The kernel has forgotten the disk that it was made on.
      guard mapping.uuid != uuid || !above.isEmpty else {
        throw Refusal(
          "'\(name)' is left over from a disk that is gone",
          advice: "Take it down: esvault lock \(spec.name)")
      }
      guard mapping.uuid == uuid, above.contains(disk.disk.name) else {
        throw Refusal(
          "'\(name)' exists already, on another disk than '\(disk.disk.path)'", advice: advice)
      }
      guard mapping.follows(spec.policy) else {
        throw Refusal(
          "'\(name)' is encrypted with \(mapping.cipher), \(mapping.keyBits) bits, from byte \(mapping.dataOffset), not as the volume must be",
          advice: advice)
      }
      return true
    }
  }

  /// An open volume must hold what its token says.
  func checkInside(filesystem uuid: String, isReady: Bool) throws(Refusal) {
    guard case .encrypted(_, _, let inside) = facts.mapping else { return }
    if inside?.type == "ext4", inside?.uuid == uuid { return }
    if inside == nil, !isReady { return }
    throw Refusal(
      "volume '\(spec.name)' should hold the ext4 filesystem \(uuid), and holds \(inside?.description ?? "none")",
      advice:
        "esvault never makes the filesystem of a finished volume anew. Restore it from a snapshot.")
  }
}

extension Mapping {
  /// Whether the kernel encrypts as a volume must be encrypted, from where its data must begin.
  func follows(_ policy: Policy) -> Bool {
    cipher == policy.cipher && keyBits == policy.keyBits && dataOffset == VolumeLimits.dataOffset
  }
}
