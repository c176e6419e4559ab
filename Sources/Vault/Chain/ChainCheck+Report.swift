import Elasticsearch

extension ChainCheck {
  /// Everything that is worth a line in a report: what keeps Elasticsearch from starting, and what
  /// else only a look at the disk and at Elasticsearch shows.
  package var problems: [ChainProblem] {
    let others = [header, inside, nodeState, settings, heap].compactMap(\.self)
    let all = barriers + others
    // A node that was stopped because of all that needs no mention of its own.
    return all.isEmpty ? [service].compactMap(\.self) : all
  }

  private var header: ChainProblem? {
    guard let disk = facts.disk else { return nil }
    let restore =
      "restore it from a backup with 'cryptsetup luksHeaderRestore \(disk.path) --header-backup-file FILE'"
    switch facts.header {
    case .needsRoot: return nil
    case .failed(let why): return ChainProblem(why, restore)
    case .nothing: return ChainProblem("'\(disk.path)' has no LUKS header", restore)
    case .seen(let header) where header.uuid != spec.uuid:
      return ChainProblem(
        "'\(disk.path)' has the LUKS UUID '\(header.uuid)', not the recorded one", restore)
    case .seen(let header) where header.damagedCopies > 0:
      return ChainProblem(
        "one of the two copies of the LUKS header on '\(disk.path)' is damaged",
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

  private var settings: ChainProblem? {
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
