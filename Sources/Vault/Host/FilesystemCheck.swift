/// What `e2fsck -p` did with the filesystem of a volume (e2fsck(8), "EXIT CODE").
struct FilesystemCheck: Equatable, CustomStringConvertible {
  let volume: String
  let status: Int32
  /// The last lines that it printed, as one.
  let words: String

  /// - Parameter said: all that it printed.
  init(volume: String, status: Int32, said: String) {
    self.volume = volume
    self.status = status
    // It calls the filesystem by its label, or by the device.
    let lines = said.split(whereSeparator: \.isNewline).suffix(5).map {
      $0.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    words = lines.filter { !$0.isEmpty }.joined(separator: "; ")
  }

  var description: String {
    "volume '\(volume)' was not unmounted in order; e2fsck says: \(words.isEmpty ? "nothing" : words)"
  }

  /// Why the filesystem cannot be mounted; nil when it can.
  ///
  /// Bit 1 stands for errors that were corrected; bit 2 advises a reboot, which only a mounted root
  /// filesystem needs. All others are errors that are left.
  var failure: StepFailure? {
    guard status & ~3 != 0 else { return nil }
    return StepFailure(
      "volume '\(volume)' is open and was not mounted: its filesystem has errors that 'e2fsck -p' does not mend (status \(status)): \(words)",
      advice:
        "Restore the volume from a snapshot, or look at the damage, which changes nothing: e2fsck -n /dev/mapper/\(volume)"
    )
  }
}
