import BlockDevices

extension Facts {
  /// The disk that a word of the operator means.
  ///
  /// - Parameters:
  ///   - named: what the word leads to, if it is a path.
  ///   - advice: what to do where the disk is not there.
  /// - Throws: ``Refusal`` where there is none, or where several could be meant.
  func disk(
    meant word: String, leadingTo named: NamedDevice?, advice: String
  ) throws(Refusal) -> DiskFacts {
    let attached = disks.filter { $0.disk.isAttached(as: word) }
    var meant = attached + disks.filter { $0.disk.answers(to: word) && !word.hasPrefix("/") }
    if let path = EC2DeviceName(word)?.path, !attached.isEmpty {
      // The kernel may have a disk of its own with the name that EC2 uses.
      meant += disks.filter { $0.disk.path == path }
    }
    if word.hasPrefix("/"), attached.isEmpty || !(named?.isMissing ?? true) {
      let disk = try disk(named: named, as: word, advice: advice)
      if attached.isEmpty, isOnlyTheKernels(disk.disk, word) {
        throw Refusal(
          "the kernel has a disk '\(word)' of its own, and EC2 has attached no volume under that name",
          advice:
            "If you mean that one, name it otherwise: \(disk.disk.serial ?? "esvault devices")",
          patience: .seconds(86_400))
      }
      meant.append(disk)
    }
    guard let disk = meant.first else {
      throw Refusal(
        "no disk has the serial or volume id '\(word)'", advice: advice, patience: .seconds(86_400))
    }
    var paths: [String] = []
    for path in meant.map(\.disk.path) where !paths.contains(path) { paths.append(path) }
    guard paths.count == 1 else {
      throw Refusal(
        "'\(word)' names \(paths.count) disks: \(paths.joined(separator: ", "))",
        advice: attached.isEmpty
          ? "Name the disk by its path: \(disk.disk.path)"
          : "The first is what EC2 has attached under that name. Name the one that you mean otherwise: \(disk.disk.serial ?? disk.disk.path)"
      )
    }
    return disk
  }

  /// Whether a name that EC2's console may show as well is the kernel's own here: where EC2's volumes
  /// tell their names, the one that is meant may still be on its way.
  private func isOnlyTheKernels(_ disk: Disk, _ word: String) -> Bool {
    EC2DeviceName(word)?.path == disk.path
      && disks.contains { $0.disk.model == EC2DeviceName.model }
  }

  /// The disk that a path led to.
  private func disk(
    named: NamedDevice?, as device: String, advice: String
  ) throws(Refusal) -> DiskFacts {
    let listing = "List the disks: esvault devices"
    switch named {
    case .disk(let name):
      if let disk = disks.first(where: { $0.disk.name == name }) {
        try requireOwn(link: device, of: disk.disk)
        return disk
      }
      throw Refusal("'\(device)' is not a disk", advice: listing)
    case .missing, nil:
      throw Refusal(
        "there is no device '\(device)'", advice: advice, patience: .seconds(86_400))
    case .notABlockDevice:
      throw Refusal("'\(device)' is not a block device", advice: listing)
    case .partition(_, let disk):
      throw Refusal(
        "'\(device)' is a partition of '/dev/\(disk)', and a volume takes a whole disk",
        advice: "Attach a blank disk, and name that. \(listing)")
    case .unreadable(_, let cause):
      throw Refusal("could not look at '\(device)': \(cause)", advice: listing)
    }
  }

  /// Where disks share a serial, udev gives them links of one name, and it leads to any of them.
  private func requireOwn(link path: String, of disk: Disk) throws(Refusal) {
    let folder = "/dev/disk/by-id/"
    guard path.hasPrefix(folder), !disk.links.contains(String(path.dropFirst(folder.count))) else {
      return
    }
    throw Refusal(
      "'\(path)' leads to '\(disk.path)' now, and may lead to any other disk with the same serial",
      advice: "Name the disk by its path, or by a link of its own: esvault devices")
  }
}

extension NamedDevice {
  var isMissing: Bool {
    if case .missing = self { true } else { false }
  }
}
