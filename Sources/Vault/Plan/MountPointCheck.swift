/// Before a volume is mounted, the place for it is looked at.
struct MountPointCheck {
  let spec: VolumeSpec
  let facts: Facts

  init(_ spec: VolumeSpec, _ facts: Facts) {
    self.spec = spec
    self.facts = facts
  }

  /// Whether nobody can write into the directory while the volume is not mounted.
  var isGuarded: Bool { facts.mountPoint == .directory(isEmpty: true, isImmutable: true) }

  /// Whether the volume is mounted already.
  ///
  /// - Throws: ``Refusal`` when it cannot be mounted there.
  func isMounted() throws(Refusal) -> Bool {
    let other =
      spec.uuid == nil
      ? "Choose another mount point: --mount DIR"
      : "The volume belongs there: see what it is, and move it away: findmnt \(spec.mount.shellWord)"
    switch facts.mountPoint {
    case .volume: return true
    case .readOnlyVolume:
      throw Refusal(
        "the volume at '\(spec.mount)' is mounted read-only",
        advice:
          "The kernel does that after an error of the disk. See why with 'dmesg'; then take it down: esvault lock \(spec.name)"
      )
    case .behindLink(let link, let target):
      let direct = target + spec.mount.dropFirst(link.count)
      throw Refusal(
        "the mount point '\(spec.mount)' leads through a symbolic link: '\(link)' is '\(target)'",
        advice: "Name the directory itself: --mount \(direct.shellWord)")
    case .notADirectory:
      throw Refusal("the mount point '\(spec.mount)' is not a directory", advice: other)
    case .occupied(let source):
      throw Refusal("something else is mounted at '\(spec.mount)': '\(source)'", advice: other)
    case .directory(isEmpty: false, _):
      throw Refusal(
        "the mount point '\(spec.mount)' is not empty: its files would be hidden",
        advice: "Look at them, and move them away: ls -la \(spec.mount.shellWord)"
      )
    case .directory(isEmpty: true, isImmutable: true): return false
    case .directory(isEmpty: true, isImmutable: false), .absent:
      guard facts.canGuard else {
        throw Refusal(
          "no directory at '\(spec.mount)' can be made immutable: its filesystem has no such attribute",
          advice:
            "The mount point must be on ext4, XFS or Btrfs: findmnt -T \(spec.mount.shellWord)")
      }
      return false
    }
  }
}
