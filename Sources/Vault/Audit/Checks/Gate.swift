extension Check {
  /// A drop-in of Elasticsearch's own unit runs `esvault status --require` before every start
  /// (`ExecStartPre=`, systemd.service(5)), whoever starts it. A drop-in whose name sorts behind it can take
  /// that back with an empty `ExecStartPre=`; and systemd may read the drop-ins of another unit than the
  /// one that the configuration names.
  static let gate = Check(
    "gate", .error, "Elasticsearch does not start while its volume is not there.",
    reason:
      "Without its volume, Elasticsearch would begin an empty node on the unencrypted disk, and write there."
  ) { facts in
    facts.madeVolumes.map { volume in
      volume.judgeUnits { units in
        let (name, gate) = (volume.name, units.gate)
        if let problem = volume.problem(of: gate) { return problem }
        guard let elasticsearch = volume.elasticsearch else {
          return .unknown(
            name, "'\(units.service)' was not looked at", advice: "Audit again: esvault audit")
        }
        if case .missing = elasticsearch.service {
          return .fail(
            name, "there is no unit '\(units.service)' for the gate to stand before",
            advice:
              "Name the service that runs Elasticsearch: esvault provision --name \(name) --service UNIT"
          )
        }
        let see = "See all of it: systemctl cat \(units.service.shellWord)"
        guard elasticsearch.definition.files.contains(where: { $0.path == gate.path }) else {
          return .fail(
            name, "systemd does not read '\(gate.path)'",
            advice: "Have it read its units: systemctl daemon-reload. \(see)")
        }
        let commands = elasticsearch.definition.sayings("ExecStartPre")
        guard commands.contains(where: { $0.place.hasPrefix("\(gate.path):") }) else {
          return .fail(
            name, "a later drop-in of '\(units.service)' takes the gate back",
            advice: "Remove its empty 'ExecStartPre='. \(see)",
            evidence: elasticsearch.definition.files.map(\.path))
        }
        guard volume.boot.hasProgram else {
          return .fail(
            name, "'\(units.program)' is not there, which the gate runs",
            advice: "Install esvault, then let it write its units: esvault provision --name \(name)"
          )
        }
        guard !volume.boot.units.isStale else {
          return .fail(
            name, "systemd goes by what its units said earlier",
            advice: "Have it read them: systemctl daemon-reload")
        }
        return .pass(
          name, "'\(units.service)' asks for the volume before every start", evidence: [gate.path])
      }
    }
  }
}
