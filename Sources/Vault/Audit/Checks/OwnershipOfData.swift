extension Check {
  /// As `esvault provision` makes them: the filesystem's root can be passed and not listed (0711), and
  /// the data directory, like those for diagnostics and, with `--confine`, logs and temporary files, is
  /// Elasticsearch's own (0750).
  static let ownership = Check(
    "ownership", .warning,
    "The directories on each volume are Elasticsearch's, and closed to others.",
    reason:
      "Documents that every user of the machine can read are protected from thieves of disks only."
  ) { facts in
    facts.madeVolumes.map { volume in
      let (name, spec) = (volume.name, volume.spec)
      guard volume.chain.isMounted(spec) else {
        return .unknown(
          name, "volume '\(name)' is not mounted at '\(spec.mount)'",
          advice: "Open it, then audit again: esvault unlock \(name)")
      }
      guard let user = volume.elasticsearch?.user, var wanted = DataDirectory(spec, of: user) else {
        return .unknown(
          name, "the user that '\(spec.service)' runs as is not known",
          advice: "See what its unit says: systemctl cat \(spec.service.shellWord)")
      }
      wanted.others = spec.otherDirectories
      return volume.judge(volume.use.directories, "the directories of '\(spec.mount)'") { present in
        guard let present else {
          return .unknown(
            name, "volume '\(name)' went away meanwhile", advice: "Audit again: esvault audit")
        }
        guard let mismatch = wanted.mismatch(with: present) else {
          return .pass(
            name, "'\(spec.data)' is '\(wanted.userName)'s own",
            evidence: [spec.mount, spec.data] + wanted.others)
        }
        return .fail(name, mismatch, advice: wanted.mending(present))
      }
    }
  }
}
