import Elasticsearch

/// What opens the volume at boot, and holds Elasticsearch back without it.
extension Provisioning {
  var units: UnitsPlan { UnitsPlan(spec: spec, facts: facts, disk: disk.disk) }

  func addUnits(to plan: inout Plan) throws(Refusal) {
    if let files = try units.missing() { plan.steps.append(.units(files)) }
  }

  func addEnabling(to plan: inout Plan) {
    let disabled = units.disabled
    plan.add(.enable(disabled), unless: disabled.isEmpty)
  }

  /// What the operator has to do after a reboot, if there is anything.
  func addNotes(to plan: inout Plan) {
    if let note = facts.noteOnRunningHeap(of: spec.service) { plan.notes.append(note) }
    if facts.directories?.nodeState.state?.isHalfUpgraded == true {
      plan.notes.append(
        NodeState.interruptedUpgrade(in: spec.data) + ". Elasticsearch 8 or later finishes it")
    }
    if isLeft, !plan.isPartial, facts.elasticsearch.service == .stopped {
      plan.notes.append(
        "volume '\(spec.name)' holds a node, and '\(spec.service)' does not run: it is left so. To start it: systemctl start \(spec.service.shellWord)"
      )
    }
    guard !plan.steps.isEmpty else { return }
    if case .unstored = spec.key {
      plan.notes.append(
        "the key is stored nowhere: after a reboot, run 'esvault unlock' and give it again")
    }
    addNoteOnOldLogs(to: &plan)
    if let note = facts.elasticsearch.versionNote { plan.notes.append(note) }
    if spec.startsService, facts.elasticsearch.isEnabled == nil {
      plan.notes.append(
        "\(spec.service) cannot be enabled: see what starts it at boot: systemctl list-dependencies --reverse \(spec.service)"
      )
    }
  }

  private func addNoteOnOldLogs(to plan: inout Plan) {
    guard spec.confines, let logs = facts.elasticsearch.logs, logs != spec.places.logs else {
      return
    }
    plan.notes.append(
      "Elasticsearch's old logs stay in '\(logs)', unencrypted: remove them when nobody needs them any more"
    )
  }
}
