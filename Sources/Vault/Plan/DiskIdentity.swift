import BlockDevices

extension Disk {
  /// Whether a serial, an EC2 volume id or a by-id link means this disk.
  ///
  /// EC2's console writes `vol-0123…` where the NVMe serial says `vol0123…`.
  package func answers(to word: String) -> Bool {
    let serial = word.hasPrefix("vol-") ? "vol" + word.dropFirst(4) : word
    let folder = "/dev/disk/by-id/"
    let link = word.hasPrefix(folder) ? String(word.dropFirst(folder.count)) : word
    return self.serial == serial || links.contains(link)
  }

  /// Amazon's name for the disks of the host itself.
  package var isInstanceStore: Bool { model == "Amazon EC2 NVMe Instance Storage" }

  var isLoop: Bool {
    if case .loop = kind { true } else { false }
  }

  package var identity: DiskIdentity { DiskIdentity(path: path, serial: serial, bytes: bytes) }
}
