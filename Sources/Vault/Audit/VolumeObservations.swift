import BlockDevices
import LUKS

extension AuditFacts {
  /// The volumes that were made: one that is only written down has nothing to be judged, and
  /// `volume-configured` says that it is missing.
  var madeVolumes: [AuditedVolume] { volumes.filter { $0.spec.uuid != nil } }
}

extension AuditedVolume {
  /// Its name, the subject of what is observed of it.
  var name: String { spec.name }

  /// Judges the header; what keeps it from being read is unknown.
  func judgeHeader(_ judge: (Header, Disk) -> Observation) -> Observation {
    guard let disk = chain.disk else {
      return .unknown(
        name, "the disk of volume '\(name)' is not there",
        advice: "Attach the disk of volume '\(name)', then audit again: esvault audit")
    }
    switch chain.header {
    case .seen(let header): return judge(header, disk)
    case .nothing:
      return .fail(
        name, "'\(disk.path)' has no LUKS header",
        advice: "See what is on it, and write nothing to it: esvault devices")
    case .needsRoot: return .needsRoot(name, "only root may read the header on '\(disk.path)'")
    case .failed(let why):
      return .unknown(
        name, why,
        advice:
          "See whether the disk fails: dmesg. Restore a damaged header from its backup: cryptsetup luksHeaderRestore \(disk.path.shellWord) --header-backup-file FILE"
      )
    }
  }

  /// Judges what was looked for; `nothing` is for the judge, too.
  func judge<Value>(
    _ sight: Sight<Value>, _ what: String, _ judge: (Value?) -> Observation
  ) -> Observation {
    switch sight {
    case .seen(let value): judge(value)
    case .nothing: judge(nil)
    case .needsRoot: .needsRoot(name, "only root may look at \(what)")
    case .failed(let why): .unknown(name, why, advice: "See what the kernel says: dmesg")
    }
  }
}

extension Observation {
  static func needsRoot(_ subject: String, _ message: String) -> Observation {
    .unknown(subject, message, advice: "Run as root: sudo esvault audit")
  }

  static func fail(_ subject: String, _ problem: ChainProblem, evidence: [String] = [])
    -> Observation
  {
    .fail(subject, problem.description, advice: problem.advice, evidence: evidence)
  }
}
