extension LinuxHost {
  /// Waits until udev has done with the disks that it was told of, ten seconds at most.
  ///
  /// While its rules run, links are missing, and its programs hold a disk that has just appeared. That
  /// it does not answer is no error here: each step that depends on it has a watchdog of its own. The
  /// command is `udevadm settle`.
  package static func settle() async {
    _ = try? await Program("udevadm").run(["settle", "--timeout=10"], limit: .seconds(15))
  }
}
