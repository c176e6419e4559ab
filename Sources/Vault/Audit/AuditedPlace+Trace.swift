import BlockDevices

extension AuditedPlace {
  /// Judges a trace: it is encrypted if every disk beneath stands behind LUKS.
  ///
  /// - Parameter encryption: what each mapping does, by its name.
  init(
    _ purpose: Purpose, _ path: String, origin: String, _ trace: StorageTrace,
    encryption: [String: MappingEncryption]
  ) {
    let ends = trace.ends.map { PlaceEnd($0, purpose, encryption) }
    let problem = ends.first { $0.verdict == .fail } ?? ends.first { $0.verdict == .unknown }
    self.init(
      purpose: purpose, path: path, origin: origin,
      isEncrypted: ends.isEmpty || problem?.verdict == .unknown ? nil : problem == nil,
      chain: trace.links.map { Link($0, purpose, encryption) },
      problem: ends.isEmpty ? "it could not be traced" : problem?.problem)
    maySwap = ends.contains { $0.maySwap }
  }

  /// One of which nobody can say where it is.
  static func unseen(_ purpose: Purpose, _ path: String, origin: String, _ why: String) -> Self {
    AuditedPlace(
      purpose: purpose, path: path, origin: origin, isEncrypted: nil,
      chain: [Link(level: 0, kind: .unknown, name: path, detail: why)], problem: why)
  }

  /// The same, where what lies in memory is as safe as the swap areas are.
  func considering(_ swaps: [AuditedPlace]) -> AuditedPlace {
    guard maySwap, isEncrypted != false,
      let swap = swaps.first(where: { $0.isEncrypted == false })
        ?? swaps.first(where: { $0.isEncrypted == nil })
    else { return self }
    var place = self
    place.isEncrypted = swap.isEncrypted == nil ? nil : false
    place.problem = "it lies in memory, which may be swapped to '\(swap.path)'"
    return place
  }
}

/// One of the things that a place ends on.
private struct PlaceEnd {
  var verdict = Verdict.pass
  /// A phrase.
  var problem: String?
  var maySwap = false

  init(
    _ links: [StorageTrace.Link], _ purpose: AuditedPlace.Purpose,
    _ encryption: [String: MappingEncryption]
  ) {
    let mappings = links.compactMap { link -> (String, MappingEncryption)? in
      guard case .mapping(let name, _) = link.kind else { return nil }
      return (name, encryption[name] ?? .unseen("nobody looked at '\(name)'"))
    }
    guard let end = links.last, !mappings.contains(where: { $0.1.protects(purpose) }) else {
      return
    }
    if case .memory(let canSwap) = end.kind {
      maySwap = canSwap
      return
    }
    if let why = mappings.lazy.compactMap({ $0.1.unseenReason }).first {
      (verdict, problem) = (.unknown, why)
      return
    }
    let almost = mappings.lazy.compactMap { $0.1.words(of: $0.0) }.first
    switch end.kind {
    case .disk:
      verdict = .fail
      problem = "'\(end.name)' beneath it is not behind LUKS" + (almost.map { ": \($0)" } ?? "")
    case .network:
      verdict = .fail
      problem = "what is written there leaves the machine: '\(end.name)'"
    case .unknown:
      verdict = .unknown
      problem = end.detail.map { "'\(end.name)': \($0)" } ?? "'\(end.name)' is not known"
    default:
      verdict = .unknown
      problem = almost ?? "what is beneath '\(end.name)' is not known"
    }
  }
}

extension MappingEncryption {
  fileprivate var unseenReason: String? {
    if case .unseen(let why) = self { why } else { nil }
  }
}

extension AuditedPlace.Link {
  fileprivate init(
    _ link: StorageTrace.Link, _ purpose: AuditedPlace.Purpose,
    _ encryption: [String: MappingEncryption]
  ) {
    self.init(level: link.level, kind: Kind(link.kind), name: link.name, detail: link.detail)
    guard case .mapping(let name, _) = link.kind, let seen = encryption[name] else { return }
    encrypts = seen.protects(purpose)
    detail = [seen.words(of: name), link.detail].compactMap(\.self).joined(separator: "; ")
  }
}

extension AuditedPlace.Link.Kind {
  fileprivate init(_ kind: StorageTrace.Link.Kind) {
    self =
      switch kind {
      case .path: .path
      case .symbolicLink: .link
      case .mount: .mount
      case .mapping: .mapping
      case .partition: .partition
      case .array: .array
      case .loop: .loop
      case .disk: .disk
      case .memory: .memory
      case .network: .network
      case .unknown: .unknown
      }
  }
}
