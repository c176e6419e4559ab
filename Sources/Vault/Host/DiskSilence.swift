import BlockDevices
import Glibc

extension BlockDevices {
  /// Why the disk cannot be waited for; nil where it answers, be it with an error.
  ///
  /// The kernel lets no process end before the disk has answered it. So another one asks, and only where
  /// nobody waits for it already, as udev does for one that hangs at boot.
  func silence(of disk: Disk) -> BoundedLook.Silence? {
    isStuck(disk) || !answers(disk)
      ? BoundedLook.Silence(object: "'\(disk.path)'", limit: BoundedLook.limit) : nil
  }

  /// Whether somebody waits for the disk, and it answers nobody.
  private func isStuck(_ disk: Disk) -> Bool {
    guard let start = traffic(of: disk), start.waiting > 0 else { return false }
    let deadline = ContinuousClock.now + BoundedLook.limit
    while let now = traffic(of: disk), now.waiting > 0, now.answered == start.answered {
      guard ContinuousClock.now < deadline else { return true }
      usleep(100_000)
    }
    return false
  }

  /// Has a block read from the disk itself, wherever the kernel keeps nothing of what others have read.
  private func answers(_ disk: Disk) -> Bool {
    let block: UInt64 = 4096
    guard disk.bytes >= block, let dd = try? Program("dd").path() else { return true }
    let place = UInt64.random(in: 0..<disk.bytes / block)
    let reading = try? ChildProcess(
      dd,
      [
        "if=\(disk.path)", "of=/dev/null", "bs=\(block)", "count=1", "skip=\(place)",
        "iflag=direct",
      ])
    return reading?.ends(within: BoundedLook.limit) ?? true
  }
}
