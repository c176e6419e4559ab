import Elasticsearch

extension ChainCheck {
  /// Everything that is worth a line in a report: what keeps Elasticsearch from starting, and what
  /// else only a look at the disk and at Elasticsearch shows.
  package var problems: [ChainProblem] {
    let barriers = barriers
    // What cannot be read because of a barrier needs no mention of its own.
    let contents = barriers.isEmpty ? [inside, dataLink, nodeState, upgrade, node, writer] : []
    let all = barriers + ([header] + contents + [settings, heap]).compactMap(\.self)
    // Nor does a node that was stopped because of all that.
    return all.isEmpty ? [service].compactMap(\.self) : all
  }

  private var header: ChainProblem? {
    guard let disk = facts.disk, spec.uuid != nil else { return nil }
    let path = disk.path
    let look = "see what is on it with 'esvault devices', and write nothing to it"
    switch facts.header {
    case .needsRoot: return nil
    case .failed(let why):
      return ChainProblem(
        why,
        "restore it from a backup with 'cryptsetup luksHeaderRestore \(path) --header-backup-file FILE'"
      )
    case .nothing: return ChainProblem("'\(path)' has no LUKS header", look)
    case .seen(let header) where header.uuid != spec.uuid:
      return ChainProblem(
        "'\(path)' has the LUKS UUID '\(header.uuid)', not the recorded one", look)
    case .seen(let header) where header.damagedCopies > 0:
      return ChainProblem(
        "one of the two copies of the LUKS header on '\(path)' is damaged",
        "it is mended when the volume is opened next; see with 'dmesg' whether the disk fails")
    case .seen: return nil
    }
  }

  private var inside: ChainProblem? {
    guard case .failed(let why) = facts.inside else { return nil }
    return ChainProblem(why, "see what the kernel says with 'dmesg'")
  }

  private var nodeState: ChainProblem? {
    guard case .failed(let why) = facts.nodeState else { return nil }
    return ChainProblem(
      "the node state in '\(spec.data)' cannot be read: \(why)",
      "look at it with 'esvault inspect \(spec.data.shellWord)'")
  }

  private var upgrade: ChainProblem? {
    guard facts.nodeState.value?.isHalfUpgraded == true else { return nil }
    return ChainProblem(
      NodeState.interruptedUpgrade(in: spec.data),
      "start Elasticsearch 8 or later, which finishes it, or says in its log what is in its way")
  }

  private var dataLink: ChainProblem? {
    guard let link = facts.dataLink else { return nil }
    return ChainProblem(
      "the data path '\(spec.data)' leads through the symbolic link '\(link)'",
      "put a directory in its place: esvault made one, and behind a link Elasticsearch's data may lie anywhere"
    )
  }

  /// No barrier: a node that was set up anew on purpose looks the same.
  var node: ChainProblem? {
    let present: NodeStateFacts
    switch facts.nodeState {
    case .seen(let state): present = .present(state)
    case .nothing where facts.isMounted(spec): present = .none
    case .nothing, .needsRoot, .failed: return nil
    }
    return NodeMismatch(recorded: spec.node, present: present, on: spec.name).map {
      ChainProblem($0.description, $0.remedy)
    }
  }

  /// An older version does not start on the data of a newer one.
  var writer: ChainProblem? {
    guard let writer = facts.nodeState.value?.newestWriter, let version = facts.version,
      version < writer
    else { return nil }
    return ChainProblem(
      "the data in '\(spec.data)' was written by \(writer.title), and \(version.title) is installed",
      "install \(writer) or a later version")
  }

  /// What keeps Elasticsearch's own unit from starting: also settings that name another place.
  package var barriersOfService: [ChainProblem] { barriers + [settings].compactMap(\.self) }

  private var settings: ChainProblem? {
    if let told = facts.elsewhere {
      return ChainProblem(
        spec.sentence(onConfiguration: told),
        "set it back with 'systemctl edit \(spec.service.shellWord)', or name that directory in esvault's configuration"
      )
    }
    if let other = facts.overruling {
      return ChainProblem(
        "'-Epath.data=\(other.text)' in '\(other.place)' wins over elasticsearch.yml, and is not '\(spec.data)' on the volume",
        "take it out there, then run 'systemctl daemon-reload'")
    }
    let file = "\(spec.elasticsearchConfiguration)/elasticsearch.yml"
    let finish = "run 'esvault provision --name \(spec.name)'"
    switch facts.dataPath {
    case .needsRoot: return nil
    case .failed(let why): return ChainProblem(why, "mend '\(file)'")
    case .nothing: return ChainProblem("'\(file)' has no path.data", finish)
    case .seen(let path):
      guard path != spec.data else { return nil }
      return ChainProblem(
        "Elasticsearch's path.data is '\(path)', not '\(spec.data)' on the volume", finish)
    }
  }

  private var heap: ChainProblem? {
    guard case .failed(let why) = facts.heap else { return nil }
    return ChainProblem(why, "mend the JVM options in '\(spec.elasticsearchConfiguration)'")
  }

  private var service: ChainProblem? {
    switch facts.service {
    case .running: nil
    case .stopped:
      ChainProblem(
        "'\(spec.service)' is not running", "run 'systemctl start \(spec.service.shellWord)'")
    case .missing:
      ChainProblem("there is no systemd unit '\(spec.service)'", "install Elasticsearch")
    case .unknown(let why): ChainProblem(why, "see what systemd does with 'systemctl status'")
    }
  }
}

extension VolumeSpec {
  /// What is wrong where the service reads another configuration than the spec's.
  func sentence(onConfiguration told: ServiceDefinition.Saying) -> String {
    "'\(service)' reads its configuration from \(told.quoted), not from '\(elasticsearchConfiguration)'"
  }
}
