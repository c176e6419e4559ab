import BlockDevices
import Glibc

extension BlockDevices {
  /// Why the disk cannot be waited for; nil where it answers, be it with an error.
  ///
  /// Where somebody waits for it already, as udev does for one that hangs at boot, it is not asked once
  /// more: the kernel lets no process end before the disk has answered it.
  func silence(of disk: Disk) -> BoundedLook.Silence? {
    let object = "'\(disk.path)'"
    if let start = traffic(of: disk), start.waiting > 0 {
      let deadline = ContinuousClock.now + BoundedLook.limit
      while let now = traffic(of: disk), now.waiting > 0, now.answered == start.answered {
        guard ContinuousClock.now < deadline else {
          return BoundedLook.Silence(object: object, limit: BoundedLook.limit)
        }
        usleep(100_000)
      }
    }
    let path = disk.path
    do { try BoundedLook.at(object) { try Contents.touch(path) } } catch {
      return error as? BoundedLook.Silence
    }
    return nil
  }
}
