extension Check {
  /// What the service's processes have open or mapped into memory, as the kernel tells it (proc(5)):
  /// everything below the data path must lie on the volume, and what has the name of a file of Lucene, of
  /// the translog or of a node's state must lie below the data path. Files that are deleted and still
  /// open count.
  ///
  /// A node opens its first data file seconds after its start, and until then nothing is known.
  ///
  /// A service that is stopped passes, unless processes have outlived it: it was looked at, and there is
  /// no process of it that writes. A node that was started by hand, or by another unit, is not seen.
  static let openFiles = Check(
    "open-files", .error, "The running node has its data files on the volume, and none elsewhere.",
    reason:
      "Settings say where the node should write; its open files say where it does. A node that was started before its volume was mounted writes beneath it."
  ) { facts in
    facts.madeVolumes.map { volume in
      let (name, spec) = (volume.name, volume.spec)
      let restart =
        "See which process it is, stop it, and see what it has left there: fuser -v"
      switch volume.chain.service {
      // Elastic's own unit lets processes live that do not end in time (KillMode=process).
      case .stopped where !volume.use.hasProcesses, .missing where !volume.use.hasProcesses:
        return .pass(
          name, "'\(spec.service)' is not running: none of its processes has a file open")
      case .stopped, .missing: break
      case .unknown(let why):
        return .unknown(name, why, advice: "See what systemd does: systemctl status")
      case .running: break
      }
      guard volume.chain.isMounted(spec) else {
        return .fail(
          name, "'\(spec.service)' runs, and volume '\(name)' is not mounted at '\(spec.mount)'",
          advice:
            "Stop it, see what it has written, then open the volume: systemctl stop \(spec.service.shellWord)"
        )
      }
      return volume.judge(volume.use.openFiles, "the open files of '\(spec.service)'") { files in
        guard let files else {
          return .unknown(
            name, "the processes of '\(spec.service)' could not be found",
            advice: "See them: systemctl status \(spec.service.shellWord)")
        }
        let strays = files.elsewhere.sorted { $0.key < $1.key }
        let evidence =
          ["\(files.onVolume) files on the volume"]
          + strays.prefix(10).map { "'\($0.key.printable)' on device \($0.value)" }
        if let stray = strays.first {
          return .fail(
            name,
            "'\(spec.service)' has '\(stray.key.printable)' open, which is not on the volume\(strays.count > 1 ? ", and \(strays.count - 1) more" : "")",
            advice: "\(restart) \(stray.key.shellWord)", evidence: evidence)
        }
        guard files.onVolume > 0 else {
          return .unknown(
            name,
            "'\(spec.service)' has no file open below '\(spec.data)': it may still be starting",
            advice:
              "Look again in a minute. If it stays so, see where its data is: grep -r path.data \(spec.elasticsearchConfiguration.shellWord)",
            evidence: evidence)
        }
        return .pass(
          name, "\(files.onVolume) data files open, all on the volume", evidence: evidence)
      }
    }
  }
}
