import BlockDevices

extension Disk {
  /// Whether a serial, an EC2 volume id or a link of udev's means this disk, now and after a reboot.
  ///
  /// EC2's console writes `vol-0123…` where the NVMe serial says `vol0123…`.
  package func answers(to word: String) -> Bool {
    let volume = word.hasPrefix("vol-") ? "vol" + word.dropFirst(4) : word
    let folder = "/dev/disk/by-id/"
    let link = word.hasPrefix(folder) ? String(word.dropFirst(folder.count)) : word
    return serial == word || serial == volume || links.contains(link) || azureLinks.contains(word)
  }

  /// Whether EC2 attached it under this name. Another disk may have it tomorrow: it is an input, and
  /// never recorded.
  func isAttached(as word: String) -> Bool {
    deviceName.map { $0 == EC2DeviceName(word) } ?? false
  }

  /// Whether a word of the operator means this disk.
  package func isMeant(by word: String) -> Bool { answers(to: word) || isAttached(as: word) }

  var isLoop: Bool {
    if case .loop = kind { true } else { false }
  }

  package var identity: DiskIdentity {
    DiskIdentity(path: path, serial: serial, bytes: bytes, sequence: sequence)
  }
}

extension DiskFacts {
  /// Device-mapper's devices are not looked at unless somebody names them: at the next boot nobody does,
  /// and the volume on such a one would never be found.
  ///
  /// - Parameter device: what would be recorded of it.
  func refusalToRecord(as device: String?, in configuration: String) -> Refusal? {
    guard device == nil, case .mapping(let name, _) = disk.kind else { return nil }
    return Refusal(
      "'\(disk.path)' is the device '\(name)' of device-mapper, and would not be found after a reboot",
      advice:
        "Name a link of its own as 'device' in '\(configuration)': find /dev/disk/by-id -lname '*/\(disk.name)'"
    )
  }
}
