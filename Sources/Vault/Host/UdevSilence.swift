import LUKS

/// What is said when a call that waits for udev has taken too long.
///
/// systemd keeps the events that a hung udevd has not read: it deals with them once it is restarted.
extension StepFailure {
  static func opening(_ opening: Opening, tookLongerThan limit: Duration) -> StepFailure {
    let seconds = limit.components.seconds
    guard (try? Mapping.active(opening.name)) != nil else {
      return StepFailure(
        "could not open '\(opening.disk.path)': it took longer than \(seconds) s",
        advice:
          "It may still come open. See whether the disk answers: dmesg. To wait longer, give a --timeout."
      )
    }
    return StepFailure(
      "could not open '/dev/mapper/\(opening.name)': udev did not answer within \(seconds) s; left behind: the mapping without its node, and a udev cookie",
      advice:
        "Wake udev, which finishes the mapping: systemctl restart systemd-udevd. Then run the same command again: it continues. \(cookies)"
    )
  }

  static func closing(_ closing: Closing, tookLongerThan limit: Duration) -> StepFailure {
    let isOpen = (try? Mapping.active(closing.name)) != nil
    let left = isOpen ? "the open mapping" : "the node of the mapping, which is closed"
    return StepFailure(
      "could not close '/dev/mapper/\(closing.name)': udev did not answer within \(limit.components.seconds) s; left behind: \(left), and a udev cookie",
      advice:
        "Wake udev, which finishes it: systemctl restart systemd-udevd. Then run the same command again. \(cookies)"
    )
  }

  private static let cookies =
    "The cookie takes a little memory of the kernel; to remove all that are left over: dmsetup udevcomplete_all"
}
