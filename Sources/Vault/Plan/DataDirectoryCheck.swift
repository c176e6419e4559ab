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
    guard let data = facts.data else { return "there is no directory '\(path)'" }
    if facts.rootMode != Self.rootMode {
      return "'\(mount)' has mode \(octal(facts.rootMode)), not \(octal(Self.rootMode))"
    }
    if let mismatch = mismatch(of: path, data) { return mismatch }
    for path in others {
      guard let other = facts.others[path] else { return "there is no directory '\(path)'" }
      if let mismatch = mismatch(of: path, other) { return mismatch }
    }
    return nil
  }

  private func mismatch(of path: String, _ present: Ownership) -> String? {
    if (present.user, present.group) != (user, group) {
      return
        "'\(path)' belongs to \(present.user):\(present.group), not to '\(userName)', which is \(user):\(group)"
    }
    guard present.mode == Self.mode else {
      return "'\(path)' has mode \(octal(present.mode)), not \(octal(Self.mode))"
    }
    return nil
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
    let commands = [
      "chmod \(octal(Self.rootMode)) \(mount.shellWord)",
      "chown -R \(user):\(group) \(path.shellWord)", "chmod \(octal(Self.mode)) \(path.shellWord)",
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
