import Foundation

/// What may happen to a disk between two boots.
extension NVMe {
  /// The kernel's name, as in nvme0n1.
  var name: String { String(path.split(separator: "/").last!) }

  /// Changes the JSON of both copies of the LUKS2 header, with right checksums: as somebody who knows
  /// the format would do it.
  ///
  /// - Parameter change: Python that changes the dictionary `header`.
  func changeHeader(_ change: String) throws {
    try bash(
      """
      cat >/tmp/change <<'END'
      \(Self.changing)
      END
      python3 /tmp/change \(path) \(change.bashWord)
      rm /tmp/change
      udevadm settle --timeout=10
      """)
  }

  /// Changes fields of the esvault token.
  ///
  /// - Parameter fields: the arguments of Python's `dict.update`, as in `version=2`.
  func changeToken(_ fields: String) throws {
    try changeHeader("header['tokens']['0'].update(\(fields))")
  }

  /// Writes over a part of the disk.
  func damage(at offset: Int, bytes: Int = 6) throws {
    try bash(
      """
      head -c \(bytes) /dev/urandom |
        dd of=\(path) bs=1 seek=\(offset) conv=notrunc,fsync status=none
      udevadm settle --timeout=10
      """)
  }

  /// Takes the disk away; it keeps what is on it.
  func pullOut() throws {
    try bash("echo 1 >/sys/block/\(name)/device/device/remove")
  }

  /// Brings back the disks that were pulled out, under whatever kernel names.
  static func plugIn(_ number: Int) throws {
    try bash(
      """
      echo 1 >/sys/bus/pci/rescan
      udevadm wait --timeout=20 \(link(number))
      udevadm settle --timeout=10
      """)
  }

  /// LUKS2 On-Disk Format Specification, 2.1: 4096 binary bytes with the checksum at 448, then JSON.
  private static let changing = """
    import hashlib, json, os, sys
    disk, change = sys.argv[1:]
    file = os.open(disk, os.O_RDWR)
    size = int.from_bytes(os.pread(file, 8, 8), "big")
    for start in 0, size:
        area = bytearray(os.pread(file, size, start))
        header = json.loads(area[4096:].split(b"\\0")[0])
        exec(change)
        text = json.dumps(header, separators=(",", ":")).encode()
        area[4096:] = text.ljust(size - 4096, b"\\0")
        area[448:512] = bytes(64)
        area[448:480] = hashlib.sha256(area).digest()
        assert len(area) == size and os.pwrite(file, area, start) == size
    os.fsync(file)
    """
}

extension String {
  /// As one word of a script.
  var bashWord: String { "'\(replacingOccurrences(of: "'", with: "'\\''"))'" }
}
