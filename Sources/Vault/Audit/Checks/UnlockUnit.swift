extension Check {
  /// The service that opens the volumes, its drop-in and the mount unit are compared, byte for byte, with
  /// what `esvault provision` would write; a drop-in of somebody else's may add to them, and not take the
  /// command away. Enabled means linked into `multi-user.target` below /etc: what is enabled in /run is
  /// not after a reboot (systemctl(1), `is-enabled`). systemd must have read all of it.
  ///
  /// That the volume is opened before Elasticsearch starts follows from `Before=` in the drop-in, and from
  /// `After=` in the gate.
  static let unlockUnit = Check(
    "unlock-unit", .warning, "systemd opens each volume at boot, before Elasticsearch starts.",
    reason: "Else Elasticsearch stays down after the next reboot, until somebody opens the volume."
  ) { facts in
    facts.madeVolumes.map { volume in
      volume.judgeUnits { units in
        let files = units.files.filter { $0.path != units.gate.path }
        if let problem = files.lazy.compactMap(volume.problem).first { return problem }
        return volume.problemOfUnlocking(files[0].path)
          ?? .pass(
            volume.name, "'\(BootUnits.unlock)' is enabled, and opens it before '\(units.service)'",
            evidence: files.map(\.path))
      }
    }
  }
}

extension AuditedVolume {
  fileprivate func problemOfUnlocking(_ path: String) -> Observation? {
    let unit = BootUnits.unlock
    guard boot.hasProgram else {
      return .fail(
        name,
        "'\(boot.units.program ?? "esvault")' is not there, with which '\(unit)' opens volumes",
        advice: "Install esvault, then let it write its units: esvault provision --name \(name)")
    }
    let commands = boot.unlock.sayings("ExecStart")
    guard commands.count == 1, commands[0].place.hasPrefix("\(path):") else {
      let place = commands.last?.place ?? "a drop-in"
      return .fail(
        name, "'\(place)' overrides what '\(unit)' does",
        advice: "See all of it, and remove what overrides it: systemctl cat \(unit)")
    }
    guard boot.units.isEnabled else {
      return .fail(
        name, "'\(unit)' is not enabled: nobody opens the volume at boot",
        advice: "Enable it: systemctl enable \(unit)")
    }
    guard !boot.units.isStale else {
      return .fail(
        name, "systemd goes by what its units said earlier",
        advice: "Have it read them: systemctl daemon-reload")
    }
    return nil
  }
}
