import BlockDevices
import Glibc
import LUKS

/// Looks at the machine's disks: what they are, what is on them, who uses them.
package struct DiskSurvey {
  let devices: BlockDevices
  /// The name of the volume whose own mapping does not count as a use; nil: every mapping counts.
  let own: String?
  let intent: Intent?
  private let mounts: MountTable
  private let swaps: Swaps
  /// Kernel names of all that lies beneath the root filesystem.
  private let root: Set<String>
  /// Kernel names of all that lies beneath our own mapping, the mapping included.
  private let beneathOwn: Set<String>

  package init(devices: BlockDevices = BlockDevices(), own: String? = nil, intent: Intent? = nil)
    throws
  {
    self.devices = devices
    self.own = own
    self.intent = intent
    mounts = try MountTable.current()
    swaps = try Swaps.current()
    root = try mounts.mount(at: "/").map { try DiskSurvey.beneath($0.number, devices) } ?? []
    if let own, let mapping = devices.mapping(named: own) {
      beneathOwn = try devices.wholeDisks(beneath: mapping.disk.number)
    } else {
      beneathOwn = []
    }
  }

  /// A root filesystem without a block device (overlay, memory) has nothing beneath it.
  private static func beneath(_ number: DeviceNumber, _ devices: BlockDevices) throws -> Set<String>
  {
    do { return try devices.wholeDisks(beneath: number) } catch BlockDeviceError.noSuchDevice {
      return []
    }
  }

  /// Every whole disk, and the devices named besides.
  ///
  /// - Parameters:
  ///   - whole: which disks are read whole; of the others only the signature is read, and one without
  ///     a signature counts as unknown.
  ///   - header: of which disks with a LUKS signature the header is read, too: libcryptsetup takes
  ///     longer for it than all the rest does.
  package func all(
    including named: [String?] = [], whole: (Disk) -> Bool = { _ in true },
    header: (Disk, Signature) -> Bool = { _, _ in true }
  ) throws -> [DiskFacts] {
    var disks = try devices.disks()
    for path in named {
      guard let path, path.hasPrefix("/"), let disk = try? devices.disk(at: path) else { continue }
      if !disks.contains(where: { $0.name == disk.name }) { disks.append(disk) }
    }
    return disks.map { disk in
      // It may be any disk of the machine: it must not keep us from the others.
      if let silence = devices.silence(of: disk) { return facts(of: disk, silence) }
      var disk = disk
      disk.deviceName = devices.deviceName(of: disk)
      return facts(of: disk, whole: whole(disk)) { header(disk, $0) }
    }
  }

  private func facts(of disk: Disk, _ silence: BoundedLook.Silence) -> DiskFacts {
    var facts = DiskFacts(
      disk: disk, contents: .unknown("\(silence)"), uses: uses(of: disk, mayBeWritten: false))
    facts.isSilent = true
    return facts
  }

  package func facts(
    of disk: Disk, whole: Bool = true, readsHeader: (Signature) -> Bool = { _ in true }
  ) -> DiskFacts {
    let uses = uses(of: disk, mayBeWritten: whole)
    // What is in use is never formatted: its signature says enough.
    let contents =
      whole && uses.isEmpty && !beneathOwn.contains(disk.name)
      ? Contents.probe(disk.path) : signature(of: disk)
    var facts = DiskFacts(disk: disk, contents: contents, uses: uses)
    if contents.mayCarryHeader(whole, readsHeader) { facts.header = header(of: disk) }
    if facts.mayBeHalfAHeader, whole,
      intent?.matches(serial: disk.serial, bytes: disk.bytes) == true
    {
      facts.behindHeader = Contents.probe(disk.path, exceptFirst: VolumeLimits.dataOffset)
    }
    return facts
  }

  private func signature(of disk: Disk) -> Contents {
    do {
      if let signature = try Contents.signature(at: disk.path) { return .holds(signature) }
      return .unknown("no known signature, and not read any further")
    } catch {
      return .unknown("\(error)")
    }
  }

  private func header(of disk: Disk) -> HeaderFacts {
    do { return try Header.read(from: disk.path).map(HeaderFacts.header) ?? .none } catch {
      return .unreadable(error.description)
    }
  }

  private func uses(of disk: Disk, mayBeWritten: Bool) -> [Use] {
    var uses: [Use] = root.contains(disk.name) ? [.root] : []
    let paths = [disk.path] + disk.partitions.map { "/dev/\($0)" }
    for number in paths.compactMap(DeviceNumber.init(ofNode:)) {
      uses += mounts.mounts(of: number).map { .mounted($0.target) }
    }
    if swaps.areas.contains(where: { paths.contains($0.path) }) { uses.append(.swap) }
    let ownHolder = beneathOwn.contains(disk.name)
    uses += disk.holders.filter { holder in
      !(ownHolder && beneathOwn.contains { holder == $0 || holder.hasPrefix($0 + " ") })
    }.map(Use.held)
    // Asking claims the disk for a moment, and would make somebody else's activation fail.
    if mayBeWritten, uses.isEmpty, !ownHolder, isClaimed(disk) { uses.append(.claimed) }
    return uses
  }
}

extension DiskSurvey {
  /// Whether somebody holds the disk for himself, and goes on holding it.
  ///
  /// After every write udev's programs claim a disk for a moment, to see what is on it: that is no
  /// use. Asks for at most a second.
  private func isClaimed(_ disk: Disk) -> Bool {
    for _ in 0..<10 {
      guard isInUse(disk.path) == true else { return false }
      usleep(100_000)
    }
    return true
  }
}

extension Contents {
  /// Whether a LUKS header is worth looking for: where there is no known signature, only on a disk that
  /// may be written over.
  fileprivate func mayCarryHeader(_ whole: Bool, _ readsHeader: (Signature) -> Bool) -> Bool {
    switch self {
    case .blank: false
    case .holds(let signature): signature.type == "crypto_LUKS" && readsHeader(signature)
    case .unknown: whole
    }
  }
}

extension DeviceNumber {
  /// The number of a device node; nil where there is none.
  fileprivate init?(ofNode path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status.st_rdev)
  }
}
