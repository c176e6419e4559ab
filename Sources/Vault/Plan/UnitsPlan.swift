import BlockDevices

/// The units that a volume needs, and what is missing of them.
struct UnitsPlan {
  let spec: VolumeSpec
  let facts: Facts
  let disk: Disk

  /// The files that have to be written; nil where none has.
  ///
  /// - Throws: ``Refusal`` where a file is not ours to write, or the units could not work.
  func missing() throws(Refusal) -> UnitFiles? {
    let wanted = try units().files
    let differing = wanted.filter { facts.units.files[$0.path] != .text($0.text) }
    // Written again, so that systemd is told to read them.
    let files = differing.isEmpty && facts.units.isStale ? wanted : differing
    for file in files { try check(file) }
    return files.isEmpty ? nil : UnitFiles(files: files)
  }

  /// The units that systemd does not start at boot, and should.
  var disabled: [String] {
    let unlock = facts.units.isEnabled ? [] : [BootUnits.unlock]
    // Who starts the service by hand decides what starts it at boot, too.
    let isLeftAlone = !spec.startsService || facts.elasticsearch.isEnabled != false
    return isLeftAlone ? unlock : unlock + [spec.service]
  }

  private func units() throws(Refusal) -> BootUnits {
    let program = try program()
    guard AbsolutePath.isNormalised(facts.configurationPath) else {
      throw Refusal(
        "the configuration '\(facts.configurationPath)' is not named by an absolute path",
        advice: "Begin at the root: --config \(Configuration.defaultPath)")
    }
    guard UnitText.mayBePath(spec.mount) else {
      throw Refusal(
        "systemd cannot mount anything at '\(spec.mount)'",
        advice: "Use a path that ends with neither a blank nor a backslash: --mount /mnt/es")
    }
    var units = BootUnits(
      name: spec.name, mount: spec.mount, service: spec.service, diskLink: disk.shortestLink,
      credential: credential, program: program, configuration: facts.configurationPath)
    units.keepsCoreDumps = spec.keepsDiagnostics
    if spec.confines {
      units.temporary = .init(
        name: facts.elasticsearch.product.temporaryVariable, value: spec.places.temporary)
    }
    return units
  }

  /// What Elasticsearch's unit says with our drop-in in it.
  func definition() throws(Refusal) -> ServiceDefinition {
    let gate = try units().gate
    return facts.elasticsearch.definition.adding(UnitFile(path: gate.path, text: gate.text))
  }

  private var credential: BootUnits.Credential? {
    guard case .credential(let name) = spec.key.recorded else { return nil }
    let isEncrypted = if case .encrypted = facts.units.credential { true } else { false }
    return BootUnits.Credential(name: name, isEncrypted: isEncrypted)
  }

  private func program() throws(Refusal) -> String {
    guard let program = facts.units.program, AbsolutePath.isNormalised(program) else {
      throw Refusal(
        "it is not known where this program is", advice: "See whether /proc is mounted.")
    }
    guard !AbsolutePath.isVolatile(program) else {
      throw Refusal(
        "'\(program)' does not outlive a reboot, and the volume is opened with it at boot",
        advice: "Install it first: install -m 755 \(program.shellWord) /usr/local/sbin/esvault")
    }
    guard UnitText.mayBeProgram(program) else {
      throw Refusal(
        "systemd cannot start '\(program)': its path has a quote or a backslash",
        advice: "Install it elsewhere: install -m 755 \(program.shellWord) /usr/local/sbin/esvault")
    }
    return program
  }

  private func check(_ file: UnitFiles.File) throws(Refusal) {
    let path = file.path
    switch facts.units.files[path] ?? .absent {
    case .absent: return
    case .text(let text) where text.hasPrefix(BootUnits.mark): return
    case .text:
      throw Refusal(
        "'\(path)' was not written by esvault",
        advice: "Move it away: mv \(path.shellWord) \("\(path).before-esvault".shellWord)")
    case .link(to: "/dev/null"):
      let unit = path.split(separator: "/").last.map(String.init) ?? path
      throw Refusal(
        "'\(unit)' is masked", advice: "Unmask it: systemctl unmask \(unit.shellWord)")
    case .link(let target):
      throw Refusal(
        "'\(path)' is a symbolic link to '\(target)'",
        advice: "Remove it, so that the unit can be written: rm \(path.shellWord)")
    case .unreadable(let why):
      throw Refusal(why, advice: "Move it away, so that the unit can be written.")
    }
  }
}

extension Disk {
  /// The link in `/dev/disk/by-id` that says no more than the serial: of the same disk's links, newer
  /// udev rules make longer ones.
  fileprivate var shortestLink: String? {
    let telling = links.filter { link in serial.map { link.contains($0) } ?? true }
    return (telling.isEmpty ? links : telling).min { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
  }
}
