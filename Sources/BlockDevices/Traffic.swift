/// What a disk has been asked, and what of it is answered (the kernel's Documentation/block/stat.rst).
package struct Traffic: Equatable, Sendable {
  /// How many requests it has not answered yet.
  package var waiting: UInt64
  /// How many reads, writes, discards and flushes it has answered since it came.
  package var answered: UInt64

  package init(waiting: UInt64, answered: UInt64) {
    self.waiting = waiting
    self.answered = answered
  }
}

extension BlockDevices {
  /// nil where the kernel does not count it, or the disk went away.
  package func traffic(of disk: Disk) -> Traffic? {
    let folder = "dev/block/\(disk.number)"
    guard let waiting = numbers("\(folder)/inflight"), let counts = numbers("\(folder)/stat"),
      counts.count >= 11
    else { return nil }
    // Discards came with Linux 4.18, flushes with 5.5.
    let answered = [0, 4, 11, 15].filter { $0 < counts.count }.map { counts[$0] }
    return Traffic(waiting: waiting.reduce(0, &+), answered: answered.reduce(0, &+))
  }

  private func numbers(_ path: String) -> [UInt64]? {
    sys.text(path)?.split(separator: " ").compactMap { UInt64($0) }
  }
}
