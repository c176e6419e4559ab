import BlockDevices

extension DiskFacts {
  /// Why this disk must not be written to, whatever the operator asks for; nil where nothing forbids it.
  package func obstacle() -> Refusal? {
    let minimum = VolumeLimits.minimumBytes
    let other = "Choose another disk: esvault devices"
    for use in uses {
      switch use {
      case .root:
        return Refusal("'\(disk.path)' carries the root filesystem", advice: other)
      case .mounted(let target):
        return Refusal(
          "'\(disk.path)' is mounted at '\(target)'",
          advice: "If it may become a volume, unmount it first: umount \(target)")
      case .swap:
        return Refusal(
          "'\(disk.path)' is used as swap", advice: "If it may become a volume: swapoff -a")
      case .held(let holder):
        return Refusal("'\(disk.path)' is held by \(holder)", advice: other)
      case .claimed:
        return Refusal(
          "'\(disk.path)' is in use: the kernel has it claimed",
          advice: "See who holds it: lsblk \(disk.path); it may be mounted in a container.")
      }
    }
    if isSilent {
      return Refusal(
        "'\(disk.path)' does not answer",
        advice: "See what the kernel says of it: dmesg. Detach it, or wait until it answers.",
        patience: .seconds(86_400))
    }
    if disk.isReadOnly { return Refusal("'\(disk.path)' is read-only", advice: other) }
    if disk.bytes < minimum {
      return Refusal(
        "'\(disk.path)' has \(disk.bytes >> 20) MiB, too small for a volume of at least \(minimum >> 20) MiB",
        advice: other)
    }
    return nil
  }

  /// What would be lost if the disk were formatted, in words; nil for a blank disk.
  package var belongings: String? {
    if !disk.partitions.isEmpty {
      return "the partitions \(disk.partitions.joined(separator: ", "))"
    }
    switch contents {
    case .blank: return nil
    case .holds(let signature): return signature.description
    case .unknown(let why): return "unknown contents (\(why))"
    }
  }

  /// What a wipe would destroy, in words.
  var loss: String {
    if case .header(let header) = header, header.isEsvault {
      return "the volume labelled '\(header.label)'"
    }
    return belongings ?? "unknown contents"
  }

  /// Every reason why the disk cannot become a volume as it is.
  package var reasons: [String] {
    var reasons: [String] = []
    if let obstacle = obstacle() { reasons.append(obstacle.description) }
    if let belongings { reasons.append("'\(disk.path)' holds \(belongings)") }
    return reasons
  }

  /// Whether a volume that is not open, or is still to be made, may be on it, whatever it holds.
  var mayHoldAVolume: Bool {
    uses.isEmpty && disk.partitions.isEmpty && disk.bytes >= VolumeLimits.minimumBytes
  }
}

extension [DiskFacts] {
  /// Why to wait for a disk that does not answer and may be the one that is meant; nil where there is none.
  func silence(where mayBeMeant: (DiskFacts) -> Bool) -> Refusal? {
    first { $0.isSilent && mayBeMeant($0) }?.obstacle()
  }
}
