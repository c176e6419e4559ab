import BlockDevices
import Elasticsearch
import Glibc
import SystemPackage

extension LinuxHost {
  package func look(for spec: VolumeSpec, readsDisks: Bool) async throws -> Facts {
    // A program, which takes longer than all the rest: it runs meanwhile.
    async let shown = SystemdUnit.look(at: UnitsSurvey.units(of: spec))
    let configuration = try LinuxHost.configuration(at: configurationPath)
    let intent = geteuid() == 0 ? try IntentStore(name: spec.name).load() : nil
    let mapping = readsDisks ? lookAtMapping(spec.name) : lookAtTable(of: spec.name)
    let mountPoint = try lookAtMountPoint(spec.mount, mapping: mapping)
    // Before the disks: a link that udev makes meanwhile would be none of theirs.
    let (device, wiped) = (named(spec.device), named(spec.wipe))
    let disks = readsDisks ? try survey(for: spec, configuration, intent) : []
    let units = await shown
    // On a disk that does not answer that would wait for ever: it is told by the mapping.
    let isReadable = if case .unreadable = mapping { false } else { readsDisks }
    let directories =
      isReadable && mountPoint == .volume
      ? try lookAtDirectories(spec.mount, data: spec.data, others: spec.otherDirectories) : nil
    var facts = Facts(
      isRoot: geteuid() == 0, hasDeviceMapper: hasDeviceMapper(), memory: LinuxHost.memory(),
      disks: disks,
      named: device, wiped: wiped, mapping: mapping, mountPoint: mountPoint,
      directories: directories,
      key: spec.key.source?.facts() ?? .unstored, configuration: configuration,
      intent: intent,
      elasticsearch: try await ElasticsearchSurvey(spec).facts(
        units[0], writer: directories?.nodeState.state?.newestWriter, readsData: isReadable
      ),
      fresh: Identifiers(luks: try freshUUID(), filesystem: try freshUUID()))
    facts.configurationPath = configurationPath
    for other in configuration.volumes where other.name != spec.name {
      for disk in disksMeant(byPathsIn: [other.device].compactMap(\.self)) {
        facts.claims[disk.name] = other.name
      }
    }
    facts.units = UnitsSurvey(spec: spec, program: program).facts(units)
    if case .generated(let path, _) = spec.key, facts.key == .absent {
      facts.isNewKeyInMemory = isInMemory(path)
    }
    facts.canGuard = ImmutableFlag.isSupported(above: spec.mount)
    return facts
  }

  /// Whether what is made at a path goes into memory, as it does on a tmpfs and on the overlay of a live
  /// system.
  private func isInMemory(_ path: String) -> Bool {
    guard let own = try? DirectoryTree.own() else { return false }
    let tracer = StorageTracer(devices: devices, own: own)
    let trace = try? BoundedLook.at("'\(path)'") { tracer.trace(path) }
    return trace?.links.contains { if case .memory = $0.kind { true } else { false } } ?? false
  }

  private func survey(
    for spec: VolumeSpec, _ configuration: Configuration, _ intent: Intent?
  ) throws -> [DiskFacts] {
    try DiskSurvey(devices: devices, own: spec.name, intent: intent).all(
      including: [spec.device, spec.wipe], whole: wholeReading(for: spec),
      header: headerReading(for: spec, configuration))
  }

  /// Reads the configuration; an absent file is a configuration without volumes.
  package static func configuration(at path: String) throws -> Configuration {
    guard let bytes = try AtomicFile(path).bytes() else { return .empty }
    do { return try Configuration.parse(bytes) } catch { throw error.refusal(path: path) }
  }

  /// Which disks have to be read whole: the one that is named, or each that may be chosen. For a
  /// recorded volume none: nothing is written over, and its header says what it is.
  private func wholeReading(for spec: VolumeSpec) -> (Disk) -> Bool {
    guard spec.uuid == nil else { return { _ in false } }
    guard let device = spec.device else { return { _ in true } }
    guard device.hasPrefix("/") else { return { $0.isMeant(by: device) } }
    let path = (try? devices.disk(at: device))?.path
    return { $0.path == path || $0.isMeant(by: device) }
  }

  /// Which LUKS headers have to be read: any may matter to a volume that is yet to be made. To a
  /// recorded one, those with its UUID, the one on its recorded disk, and those that are named.
  private func headerReading(
    for spec: VolumeSpec, _ configuration: Configuration
  ) -> (Disk, Signature) -> Bool {
    guard let uuid = spec.uuid else { return { _, _ in true } }
    let recorded = configuration.volume(named: spec.name)?.device
    let names = [spec.device, spec.wipe, recorded].compactMap(\.self)
    let paths = disksMeant(byPathsIn: names).map(\.path)
    return { disk, signature in
      signature.uuid?.lowercased() == uuid || paths.contains(disk.path)
        || names.contains(where: disk.isMeant)
    }
  }

  private func named(_ device: String?) -> NamedDevice? {
    guard let device, device.hasPrefix("/") else { return nil }
    do {
      return .disk(try devices.disk(at: device).name)
    } catch {
      switch error {
      case .noSuchDevice(let path): return .missing(path)
      case .notABlockDevice(let path): return .notABlockDevice(path)
      case .isPartition(let path, let disk): return .partition(path, of: disk)
      default: return .unreadable(device, cause: error.description)
      }
    }
  }

  /// Where those of an operator's words lead that are paths, as far as they lead anywhere.
  private func disksMeant(byPathsIn words: [String]) -> [Disk] {
    words.filter { $0.hasPrefix("/") }.compactMap { try? devices.disk(at: $0) }
  }

  func lookAtMountPoint(_ path: String, mapping: MappingFacts) throws -> MountPointFacts {
    if let (link, target) = link(above: path) { return .behindLink(link, to: target) }
    if let mount = try MountTable.current().mount(at: path) {
      guard let own = mapping.mapping,
        let disk = try? devices.disk(at: "/dev/mapper/\(own.name)"), disk.number == mount.number
      else { return .occupied(by: mount.source) }
      guard mount.root == "/" else { return .occupied(by: "a part of \(mount.source)") }
      let isReadOnly = mount.superOptions.contains("ro") || mount.options.contains("ro")
      return isReadOnly ? .readOnlyVolume : .volume
    }
    var status = stat()
    guard lstat(path, &status) == 0 else { return .absent }
    guard status.st_mode & S_IFMT == S_IFDIR else { return .notADirectory }
    return .directory(
      isEmpty: Directories.names(in: path)?.isEmpty ?? false,
      isImmutable: (try? ImmutableFlag.isSet(on: path)) ?? false)
  }

  /// A parent that is a symbolic link, or behind one, and where it really is. The kernel lists a mount
  /// under its real path: one behind a link would never be found again.
  private func link(above path: String) -> (String, to: String)? {
    var parent = FilePath(path)
    while parent.removeLastComponent() {
      guard let real = FilePath.real(parent.string) else { continue }
      return real == parent.string ? nil : (parent.string, real)
    }
    return nil
  }

  /// The root of a mounted volume, and the directories in it.
  func lookAtDirectories(
    _ mount: String, data: String, others: [String] = []
  ) throws -> DirectoryFacts {
    try DirectoryFacts(mount: mount, data: data, others: others)
  }

  /// Whether a mounted volume holds another node than the recorded one.
  package func nodeMismatch(of spec: VolumeSpec) -> NodeMismatch? {
    guard spec.node != nil, let facts = try? ChainSurvey(spec).gate(), facts.isMounted(spec),
      facts.disk != nil
    else { return nil }
    return NodeMismatch(
      recorded: spec.node, present: NodeStateFacts(inDataPath: spec.data), on: spec.name)
  }

  private func freshUUID() throws -> String {
    let text = try AtomicFile("/proc/sys/kernel/random/uuid").bytes() ?? []
    return String(decoding: text.prefix { $0 != 0x0a }, as: UTF8.self)
  }
}
