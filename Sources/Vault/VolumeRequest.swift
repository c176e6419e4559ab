import Elasticsearch

/// What the operator typed: every part may be missing, and is then taken from the configuration, or
/// else from the defaults.
package struct VolumeRequest: Equatable, Sendable {
  package var name: String?
  package var device: String?
  package var mount: String?
  package var data: String?
  /// A path, or `-` for standard input.
  package var keyFile: String?
  /// The name of a credential of systemd.
  package var keyCredential: String?
  package var keyIsRandom = false
  package var generatesKey = false
  package var wipe: String?
  package var overwrite = false
  package var heap: HeapRequest?
  package var confines = false
  package var keepsDiagnostics = false
  package var elasticsearchConfiguration: String?
  package var service: String?
  package var startsService = true
  package var timeout: Int?
  /// Whether volumes that were finished once are left alone.
  package var onlyUnfinished = false

  package init() {}

  /// The specs that the request means: one for a named disk or volume, else one for each volume of
  /// the configuration, else one with the defaults.
  package func specs(in configuration: Configuration) -> [VolumeSpec] {
    if onlyUnfinished {
      // The node is recorded at the very end.
      return configuration.volumes.filter { $0.node == nil }.map {
        spec(from: $0, configuration.policy)
      }
    }
    guard name == nil, device == nil, !configuration.volumes.isEmpty else {
      return [spec(in: configuration)]
    }
    return configuration.volumes.map { spec(from: $0, configuration.policy) }
  }

  /// What the request means by now for a volume that it meant before.
  ///
  /// - Parameter start: the configuration of then.
  /// - Returns: nil where there is nothing left to do for it. One that was taken out of the configuration
  ///   is no new volume of the same name, which would be given any blank disk.
  package func spec(
    of name: String, in configuration: Configuration, since start: Configuration
  ) -> VolumeSpec? {
    if start.volume(named: name) != nil, configuration.volume(named: name) == nil { return nil }
    return specs(in: configuration).first { $0.name == name }
  }

  private func spec(in configuration: Configuration) -> VolumeSpec {
    let byDevice = configuration.volumes.first { $0.device != nil && $0.device == device }
    let only = configuration.volumes.count == 1 ? configuration.volumes[0] : nil
    let name = name ?? (byDevice ?? only)?.name ?? "esvol"
    return spec(
      from: configuration.volume(named: name) ?? RecordedVolume(name: name), configuration.policy)
  }

  private func spec(from recorded: RecordedVolume, _ policy: Policy) -> VolumeSpec {
    var spec = VolumeSpec(key: key(of: recorded))
    spec.name = recorded.name
    spec.device = device ?? recorded.device
    spec.uuid = recorded.uuid
    spec.node = recorded.node
    spec.mount = mount ?? recorded.mount ?? spec.mount
    spec.data = data ?? (mount == nil ? recorded.data : nil) ?? spec.mount + "/elasticsearch"
    spec.heap = heap ?? recorded.elasticsearch.heap.flatMap(Heap.parse) ?? spec.heap
    spec.confines = confines || recorded.elasticsearch.confines == true
    spec.keepsDiagnostics = keepsDiagnostics || recorded.elasticsearch.keepsDiagnostics == true
    spec.wipe = wipe
    spec.overwrite = overwrite
    spec.elasticsearchConfiguration =
      elasticsearchConfiguration ?? recorded.elasticsearch.configuration
      ?? spec.elasticsearchConfiguration
    spec.service = service ?? recorded.elasticsearch.service ?? spec.service
    spec.startsService = startsService
    spec.leavesNode = onlyUnfinished
    spec.timeout = timeout ?? spec.timeout
    spec.policy = policy
    return spec
  }

  private func key(of recorded: RecordedVolume) -> KeySpec {
    if keyFile == "-" { return .unstored(isRandom: keyIsRandom) }
    let key = keyFile.map(RecordedKey.file) ?? keyCredential.map(RecordedKey.credential)
    let generates = generatesKey || key == nil && recorded.generatesKey && recorded.uuid == nil
    switch key ?? recorded.key {
    case .file(let path) where generates: return .generated(path, isRandom: keyIsRandom)
    case .file(let path): return .file(path, isRandom: keyIsRandom)
    // A generated key is kept in a file, whatever is recorded.
    case .credential where generatesKey, nil where generatesKey:
      return .generated("/etc/esvault/keys/\(recorded.name).key", isRandom: keyIsRandom)
    case .credential(let name): return .credential(name, isRandom: keyIsRandom)
    case nil: return .unstored(isRandom: keyIsRandom)
    }
  }
}
