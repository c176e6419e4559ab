/// Before Elasticsearch is started, owner and modes of its directories are compared with what they
/// must be.
extension DataDirectory {
  /// What the spec's data directory must be like; nil where nobody knows whose it is.
  package init?(_ spec: VolumeSpec, _ facts: Facts) {
    self.init(spec, of: facts.elasticsearch.user)
  }

  init?(_ spec: VolumeSpec, of user: UserFacts) {
    guard case .user(let name, let id, let group) = user else { return nil }
    self.init(mount: spec.mount, path: spec.data, userName: name, user: id, group: group)
  }

  /// What is not as it must be, in words; nil when everything is.
  package func mismatch(with facts: DirectoryFacts) -> String? {
    if let link = facts.link { return "'\(path)' leads through the symbolic link '\(link)'" }
    let directories = [(path, facts.data)] + others.map { ($0, facts.others[$0]) }
    for case (let path, nil) in directories { return "there is no directory '\(path)'" }
    if let foreign = foreignOwner(in: facts) { return foreign }
    if facts.rootMode != Self.rootMode {
      return "'\(mount)' has mode \(octal(facts.rootMode)), not \(octal(Self.rootMode))"
    }
    for case (let path, let present?) in directories where present.mode != Self.mode {
      return "'\(path)' has mode \(octal(present.mode)), not \(octal(Self.mode))"
    }
    return nil
  }

  /// Which directory belongs to somebody else, in words; nil where none does.
  private func foreignOwner(in facts: DirectoryFacts) -> String? {
    for case (let path, let present?) in [(path, facts.data)]
      + others.map({ ($0, facts.others[$0]) })
    where (present.user, present.group) != (user, group) {
      return
        "'\(path)' belongs to \(present.user):\(present.group), not to '\(userName)', which is \(user):\(group)"
    }
    return nil
  }

  /// Why what is there is not simply set right; nil where it may be.
  ///
  /// Of a node that comes from another machine, where the user has another number, the files are his as
  /// well: those esvault changes for nobody.
  func refusal(for facts: DirectoryFacts) -> Refusal? {
    let foreign = facts.nodeState == .none ? nil : foreignOwner(in: facts)
    guard let reason = facts.link == nil ? foreign : mismatch(with: facts) else { return nil }
    return Refusal(reason, advice: mending(facts))
  }

  /// What to do about a mismatch.
  package func mending(_ facts: DirectoryFacts) -> String {
    if let link = facts.link {
      return
        "Put a directory in its place: Elasticsearch 8.0 does not start on a link, and what it leads to may be another disk. See where: readlink \(link.shellWord)"
    }
    guard facts.data != nil else {
      return "Look at what is on the volume: ls -la \(mount.shellWord)"
    }
    let paths = ([path] + others.filter { facts.others[$0] != nil }).map(\.shellWord)
      .joined(separator: " ")
    let commands = [
      "chmod \(octal(Self.rootMode)) \(mount.shellWord)", "chown -R \(user):\(group) \(paths)",
      "chmod \(octal(Self.mode)) \(paths)",
    ]
    return "Look whether the files in it are the right ones, then set it right: "
      + commands.joined(separator: " && ")
  }

  private func octal(_ mode: UInt32) -> String { String(mode, radix: 8) }
}

extension DirectoryFacts {
  /// Whether owner and modes are already as wanted.
  func satisfies(_ wanted: DataDirectory) -> Bool { wanted.mismatch(with: self) == nil }
}
