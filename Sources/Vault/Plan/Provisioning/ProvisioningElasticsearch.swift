import Elasticsearch

/// The record, and what Elasticsearch needs to know about its volume.
extension Provisioning {
  func addRecord(to plan: inout Plan) throws(Refusal) {
    guard case .user(let name, let id, let group) = facts.elasticsearch.user else { return }
    let wanted = DataDirectory(
      mount: spec.mount, path: spec.data, others: spec.otherDirectories, userName: name, user: id,
      group: group)
    if let refusal = facts.directories.flatMap(wanted.refusal(for:)) { throw refusal }
    plan.add(.directory(wanted), unless: facts.directories?.satisfies(wanted) ?? false)
    let recorded = recorded
    // An intent that outlived its record would vouch for whatever comes on the disk later.
    guard facts.configuration.volume(named: spec.name) != recorded || facts.intent != nil else {
      return
    }
    if recorded.device == nil,
      let written = facts.configuration.volume(named: spec.name)?.device
    {
      throw Refusal(
        "'\(written)' may lead to another disk than '\(disk.disk.path)' after a reboot, and that has no serial of its own",
        advice:
          "Name a link of its own as 'device' in '\(facts.configurationPath)': find /dev/disk/by-id /dev/disk/azure -lname '*/\(disk.disk.name)'"
      )
    }
    if let refusal = disk.refusalToRecord(as: recorded.device, in: facts.configurationPath) {
      throw refusal
    }
    // Tried here, so that a file which cannot be edited is found out before a disk is written.
    do { _ = try facts.configuration.recording(recorded) } catch {
      guard isOnlyWithoutNode(recorded) else {
        throw error.refusal(path: facts.configurationPath)
      }
      plan.notes.append("the node's id is not recorded in '\(facts.configurationPath)': \(error)")
      return
    }
    plan.steps.append(.record(recorded))
  }

  /// A finished machine is none the less finished because its operator's file has no room for the node.
  private func isOnlyWithoutNode(_ recorded: RecordedVolume) -> Bool {
    var without = recorded
    without.node = nil
    return facts.configuration.volume(named: spec.name) == without && facts.intent == nil
  }

  /// What the configuration must say about this volume.
  private var recorded: RecordedVolume {
    // A recorded by-id link or volume id means the same disk as its serial: it stays as written.
    let before = facts.configuration.volume(named: spec.name)
    let written = before?.device
    let device = written.flatMap { disk.disk.answers(to: $0) ? $0 : nil } ?? disk.disk.serial
    var recorded = RecordedVolume(
      name: spec.name, device: device, uuid: identifiers.luks, mount: spec.mount, data: spec.data,
      node: before?.node ?? runningNode, key: spec.key.recorded ?? before?.key,
      elasticsearch: RecordedElasticsearch(spec, before: before?.elasticsearch))
    recorded.generatesKey = before?.generatesKey ?? false
    return recorded
  }

  /// The node that runs on the volume: one that was provisioned before node ids were recorded, or whose
  /// run was cut off before.
  private var runningNode: String? {
    guard facts.elasticsearch.service == .running, facts.elasticsearch.usesData ?? true,
      case .dataPath(spec.data) = facts.elasticsearch.settings,
      case .present(let state)? = facts.directories?.nodeState
    else { return nil }
    return state.nodeID
  }

  private var recordedNode: String? { facts.configuration.volume(named: spec.name)?.node }

  /// While the volume is closed nobody sees what it holds: the start looks once more.
  private func checkNode() throws(Refusal) {
    guard let directories = facts.directories,
      let mismatch = NodeMismatch(
        recorded: recordedNode, present: directories.nodeState, on: spec.name)
    else { return }
    throw mismatch.refusal
  }

  func addElasticsearch(to plan: inout Plan) throws(Refusal) {
    let elasticsearch = facts.elasticsearch
    try checkNode()
    guard case .dataPath(let present) = facts.settings(for: spec) else { return }
    let data = present == spec.data ? nil : spec.data
    let logs = !spec.confines || elasticsearch.logs == spec.places.logs ? nil : spec.places.logs
    plan.add(
      .dataPath(configuration: elasticsearch.configuration, path: data, logs: logs),
      unless: data == nil && logs == nil)
    addEnabling(to: &plan)
    addStart(to: &plan)
  }

  private func addStart(to plan: inout Plan) {
    let isRunning = facts.elasticsearch.service == .running
    // One that runs is waited for, wherever it was started: its node is not recorded yet.
    guard spec.startsService || isLeft && isRunning else { return }
    let node = recordedNode.map { RecordedNode(volume: spec.name, id: $0) }
    plan.add(.start(service: spec.service, data: spec.data, expecting: node), unless: isRunning)
    var hasState = false
    if case .present = facts.directories?.nodeState {
      // A state of long ago says nothing of the node that runs now.
      hasState = facts.elasticsearch.usesData ?? true
    }
    plan.add(
      .verify(
        Verification(
          name: spec.name, data: spec.data, service: spec.service, timeout: spec.timeout,
          uuid: identifiers.luks, node: recordedNode)),
      unless: isRunning && hasState)
  }

  /// A node that runs, or that already has data elsewhere, is not given an empty volume.
  func checkStopped(before plan: Plan) throws(Refusal) {
    try checkOtherVolumes()
    if case .dataPath(let present) = facts.settings(for: spec), present != spec.data,
      facts.elasticsearch.presentData != .none
    {
      throw Refusal(
        "Elasticsearch already has data in '\(present ?? "its default data directory")'",
        advice:
          "A node with data is not given an empty volume. Move or remove that data first, deliberately."
      )
    }
    let touches = plan.steps.contains { step in
      switch step {
      // A machine of an older version gets what is missing while its node runs.
      case .record, .units, .enable, .verify: false
      default: true
      }
    }
    if facts.elasticsearch.service == .running, touches {
      throw Refusal(
        "'\(spec.service)' is running", advice: "Stop it first: systemctl stop \(spec.service)")
    }
  }
}

extension Provisioning {
  /// Another volume may be closed, and its data out of sight: it is known from the configuration.
  private func checkOtherVolumes() throws(Refusal) {
    let others = facts.configuration.volumes.filter { $0.name != spec.name }
    for other in others {
      guard let mount = other.mount else { continue }
      if mount == spec.mount || AbsolutePath.isBelow(spec.mount, mount) {
        throw Refusal(
          "'\(spec.mount)' belongs to volume '\(other.name)'",
          advice: "Choose another mount point: --mount DIR")
      }
      if case .dataPath(let present?) = facts.settings(for: spec),
        AbsolutePath.isBelow(
          AbsolutePath.resolved(present, from: facts.elasticsearch.home), mount)
      {
        throw Refusal(
          "Elasticsearch's data is on volume '\(other.name)', in '\(present)'",
          advice:
            "A node with data is not given an empty volume. Name the volume that it has: esvault provision --name \(other.name)"
        )
      }
    }
  }
}
