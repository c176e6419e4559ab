extension StorageTracer {
  /// Goes on from a mount to what its filesystem is on.
  mutating func descend(into mount: Mount, level: Int, above: [String]) {
    let part = mount.root == "/" ? "" : ", of it '\(mount.root)'"
    let detail = "\(mount.type) on '\(mount.source)'\(part)"
    guard add(.mount(type: mount.type), mount.target, detail, level: level) else { return }
    let level = level + 1
    switch mount.kind {
    case .inMemory:
      // devtmpfs is a tmpfs, of the kernel's own.
      let canSwap = mount.type.hasSuffix("tmpfs") && !mount.superOptions.contains("noswap")
      add(.memory(canSwap: canSwap), mount.type, level: level)
    case .onNetwork: add(.network, mount.source, mount.type, level: level)
    case .overlay: descend(intoLayersOf: mount, level: level, above: above)
    case .btrfs: descend(intoMembersOf: mount, level: level, above: above)
    case .opaque(let why): fail(mount.source, why, level: level)
    case .onDevice:
      descend(to: mount.number, named: mount.source, level: level, above: above)
      // XFS may have its log, or the data itself, elsewhere (xfs(5)).
      for device in ["logdev", "rtdev"].compactMap(mount.option) {
        descend(toDevice: device, level: level, above: above)
      }
    }
  }

  /// What is written to an overlay goes to its upper layer. Its path is that of the mount namespace in
  /// which it was mounted: a container does not see it.
  private mutating func descend(intoLayersOf mount: Mount, level: Int, above: [String]) {
    guard let layer = mount.option("upperdir") else {
      return fail(mount.source, "the overlay has no layer to write to", level: level)
    }
    follow(layer, in: own, level: level, above: above, isInUse: true)
  }

  /// The mount table names one device of a btrfs filesystem, which may have more; sysfs lists them all
  /// below the filesystem's UUID.
  private mutating func descend(intoMembersOf mount: Mount, level: Int, above: [String]) {
    let folders = devices.sys.names("fs/btrfs").map { "fs/btrfs/\($0)/devices" }
    guard let number = try? devices.files.node(mount.source), let path = devices.folder(of: number),
      let folder = folders.first(where: {
        devices.sys.names($0).contains(BlockDevices.lastComponent(path))
      })
    else { return fail(mount.source, "its devices are not to be found in sysfs", level: level) }
    for name in devices.sys.names(folder) {
      descend(toNumberIn: "\(folder)/\(name)/dev", named: name, level: level, above: above)
    }
  }

  mutating func descend(toDevice path: String, level: Int, above: [String]) {
    do { descend(to: try devices.files.node(path), named: path, level: level, above: above) } catch
    { fail(path, "\(error)", level: level) }
  }

  /// Goes on from a block device to what it is built upon.
  private mutating func descend(
    to number: DeviceNumber, named given: String, level: Int, above: [String]
  ) {
    guard let folder = devices.folder(of: number) else {
      return fail(given, "there is no device \(number)", level: level)
    }
    let name = BlockDevices.lastComponent(folder)
    let here = "dev/block/\(number)"
    guard let disk = devices.disk(in: here, named: name, links: []) else {
      return fail(given, "it went away meanwhile", level: level)
    }
    guard !above.contains(name) else {
      return fail(disk.path, "it is built upon itself", level: level)
    }
    let above = above + [name]
    if devices.sys.exists("\(here)/partition") {
      guard add(.partition, disk.path, level: level) else { return }
      return descend(
        toNumberIn: "\(here)/../dev", named: disk.path, level: level + 1, above: above)
    }
    switch disk.kind {
    case .mapping(let name, let uuid):
      let suspended = devices.sys.isSet("\(here)/dm/suspended") ? ", suspended" : ""
      let maker = uuid.isEmpty ? "device-mapper" : uuid
      guard add(.mapping(name: name, uuid: uuid), disk.path, maker + suspended, level: level)
      else { return }
      descend(toMembersIn: here, level: level + 1, above: above)
    case .raid:
      guard add(.array, disk.path, devices.sys.text("\(here)/md/level"), level: level) else {
        return
      }
      if descend(toMembersIn: here, level: level + 1, above: above) == 0 {
        fail(disk.path, "none of its members is there", level: level + 1)
      }
    case .loop(let file): descend(toLoop: disk, file, level: level, above: above)
    case .physical:
      let words = [disk.model, disk.serial].compactMap(\.self).joined(separator: ", ")
      add(.disk, disk.path, words.isEmpty ? nil : words, level: level)
    case .virtual: descend(toVirtual: disk, here, level: level, above: above)
    }
  }

  private mutating func descend(
    toNumberIn file: String, named name: String, level: Int, above: [String]
  ) {
    guard let number = devices.sys.text(file).flatMap({ DeviceNumber($0) }) else {
      return fail(name, "sysfs does not say what it is", level: level)
    }
    descend(to: number, named: name, level: level, above: above)
  }

  /// How many members there are. The link to a disk that was pulled out stays, and leads nowhere.
  @discardableResult
  private mutating func descend(toMembersIn folder: String, level: Int, above: [String]) -> Int {
    let slaves = devices.sys.names("\(folder)/slaves").map { "\(folder)/slaves/\($0)" }
      .filter { devices.sys.exists($0) }
    for slave in slaves {
      descend(toNumberIn: "\(slave)/dev", named: slave, level: level, above: above)
    }
    return slaves.count
  }

  private mutating func descend(toLoop disk: Disk, _ file: String?, level: Int, above: [String]) {
    guard add(.loop, disk.path, level: level) else { return }
    guard let file else { return fail(disk.path, "its file is not known", level: level + 1) }
    follow(file, in: own, level: level + 1, above: above, isInUse: true)
  }

  /// What has no bus behind it: memory, compressed or not, or a device of which nobody here knows what
  /// it is built upon.
  private mutating func descend(
    toVirtual disk: Disk, _ folder: String, level: Int, above: [String]
  ) {
    if disk.name.hasPrefix("zram") {
      add(.memory(canSwap: false), disk.path, "compressed", level: level)
      // Kernels that can write it out have the file; it says "none" while they do not.
      if let device = devices.sys.text("\(folder)/backing_dev"), device != "none" {
        descend(toDevice: device, level: level, above: above)
      }
    } else if disk.name.hasPrefix("ram") {
      add(.memory(canSwap: false), disk.path, level: level)
    } else {
      fail(disk.path, "what it is built upon is not known", level: level)
    }
  }
}
