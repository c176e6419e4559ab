import Elasticsearch

extension Check {
  /// The node state is the file in which Elasticsearch writes who it is, at every start; see
  /// `NodeState` for where it is. It must decode, lie on the volume's own device, be of the recorded node,
  /// and not of a newer version than the one that would run.
  ///
  /// A volume that is not mounted hides it: that is unknown, and no pass.
  static let nodeState = Check(
    "node-state", .error, "The node that each volume holds is the recorded one, and lies on it.",
    reason:
      "A node elsewhere writes its data elsewhere; a volume with another node, or none, is not the one that was secured."
  ) { facts in
    facts.madeVolumes.map { volume in
      let (name, chain, spec) = (volume.name, volume.chain, volume.spec)
      guard chain.isMounted(spec), chain.mounts.data?.id == chain.mounts.mount?.id else {
        return .unknown(
          name, "volume '\(name)' is not mounted at '\(spec.mount)', and its node is out of sight",
          advice: "Open it, then audit again: esvault unlock \(name)")
      }
      let check = ChainCheck(spec, chain)
      if let link = chain.dataLink {
        return .fail(
          name, "the data path '\(spec.data)' leads through the symbolic link '\(link)'",
          advice:
            "Put a directory in its place, and see where the data is: readlink \(link.shellWord)")
      }
      return volume.judge(chain.nodeState, "the node state in '\(spec.data)'") { state in
        if let problem = check.node { return .fail(name, problem) }
        guard let state else {
          return .unknown(
            name, "no node has written its state into '\(spec.data)' yet",
            advice: "Start it: systemctl start \(spec.service.shellWord)")
        }
        let evidence = state.evidence
        guard volume.use.stateDevice == chain.mapping?.disk.number else {
          return .fail(
            name, "'\(state.file)' lies on another device than the volume",
            advice: "See what is mounted there: findmnt -T \(state.file.shellWord)",
            evidence: evidence)
        }
        if let problem = check.writer { return .fail(name, problem, evidence: evidence) }
        return .pass(name, "the node '\(state.nodeID)' lies on the volume", evidence: evidence)
      }
    }
  }
}

extension NodeState {
  fileprivate var evidence: [String] {
    [file] + (newestWriter.map { ["written by \($0.title)"] } ?? [])
      + (clusterUUID.map { ["cluster \($0)"] } ?? [])
  }
}
