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
    try BootUnits(
      spec, on: disk, facts.units, product: facts.elasticsearch.product,
      configuration: facts.configurationPath)
  }

  /// What Elasticsearch's unit says with our drop-in in it.
  func definition() throws(Refusal) -> ServiceDefinition {
    let gate = try units().gate
    return facts.elasticsearch.definition.adding(UnitFile(path: gate.path, text: gate.text))
  }

  private func check(_ file: UnitFiles.File) throws(Refusal) {
    let path = file.path
    switch facts.units.files[path] ?? .absent {
    case .absent: return
    case .text(let text) where text.hasPrefix(BootUnits.mark):
      try checkConfiguration(of: text, file)
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

  /// The one unit that opens all volumes reads one configuration: those of another would stay closed.
  private func checkConfiguration(of text: String, _ file: UnitFiles.File) throws(Refusal) {
    let present = BootUnits.configuration(in: text)
    guard file.path == "\(BootUnits.folder)/\(BootUnits.unlock)",
      present != BootUnits.configuration(in: file.text)
    else { return }
    throw Refusal(
      "'\(BootUnits.unlock)' opens the volumes of another configuration, \(present)",
      advice:
        "Use that one: --config \(present). If it is needed no more, remove the unit: rm \(file.path)"
    )
  }
}
