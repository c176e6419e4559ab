import BlockDevices

extension AuditedVolume {
  /// The units as they must be; nil where the disk is not there, by whose name they find it.
  func neededUnits() throws(Refusal) -> BootUnits? {
    guard let disk = chain.disk else { return nil }
    return try BootUnits(
      spec, on: disk, boot.units, product: elasticsearch?.product ?? .elasticsearch,
      configuration: boot.configurationPath)
  }

  /// Judges units, if they can be known and systemd answers.
  func judgeUnits(_ judge: (BootUnits) -> Observation) -> Observation {
    if let silence = boot.silence {
      return .unknown(
        name, "systemd tells nothing of its units: \(silence)",
        advice: "See what it does: systemctl status")
    }
    do {
      guard let units = try neededUnits() else {
        return .unknown(
          name, "the disk of volume '\(name)' is not there, by whose name its units find it",
          advice: "Attach the disk of volume '\(name)', then audit again: esvault audit")
      }
      return judge(units)
    } catch {
      return .fail(name, error.description, advice: error.advice)
    }
  }

  /// The first thing that is wrong with a file of a unit; nil where it says what it must.
  func problem(of file: UnitFiles.File) -> Observation? {
    let again = "Let esvault write it: esvault provision --name \(name)"
    switch boot.units.files[file.path] ?? .absent {
    case .text(file.text): return nil
    case .absent: return .fail(name, "there is no '\(file.path)'", advice: again)
    case .text(let text) where text.hasPrefix(BootUnits.mark):
      return .fail(
        name, "'\(file.path)' says something else than it must", advice: again,
        evidence: ["must be:\n\(file.text)", "is:\n\(text)"])
    case .text:
      return .fail(
        name, "'\(file.path)' was not written by esvault",
        advice:
          "Move it away: mv \(file.path.shellWord) \("\(file.path).before-esvault".shellWord), then: esvault provision --name \(name)"
      )
    case .link(to: "/dev/null"):
      let unit = file.path.split(separator: "/").last.map(String.init) ?? file.path
      return .fail(
        name, "'\(unit)' is masked", advice: "Unmask it: systemctl unmask \(unit.shellWord)")
    case .link(let target):
      return .fail(
        name, "'\(file.path)' is a symbolic link to '\(target)'",
        advice: "Remove it, then: esvault provision --name \(name)")
    case .unreadable(let why): return .unknown(name, why, advice: "Run as root: sudo esvault audit")
    }
  }
}
