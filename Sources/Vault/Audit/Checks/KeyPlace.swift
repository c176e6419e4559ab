extension Check {
  /// Where the key lies decides what the encryption is worth to somebody who has more than the volume's own
  /// disk. A key file in the clear on the root disk protects a disk that is thrown away, sent in for
  /// repair or copied as a snapshot by itself; it protects nothing from who has the root disk too, nor
  /// from root on the running machine. A credential that is sealed with the machine's TPM2 protects from the
  /// former (systemd-creds(1)); how it is sealed is written at its beginning.
  static let keyPlace = Check(
    "key-place", .info, "No stored key can be read by somebody who has all of the machine's disks.",
    reason:
      "Who has the key's disk and the volume's disk has the data: the two are only worth something apart."
  ) { facts in
    facts.madeVolumes.map { volume in
      let name = volume.name
      guard let key = volume.boot.key else {
        return .pass(
          name,
          "the key is stored nowhere: after every restart somebody gives it to 'esvault unlock'")
      }
      let seal =
        "Where there is a TPM2, seal it: mkdir -p -m 700 /etc/credstore.encrypted && systemd-creds encrypt --with-key=host+tpm2 --name=\(name) KEYFILE /etc/credstore.encrypted/\(name)"
      switch key.sealing {
      case .tpm2, .hostAndTPM2:
        return .pass(name, "the \(key.name) is sealed with this machine's TPM2")
      case .host:
        return .fail(
          name,
          "the \(key.name) is encrypted with a key on the root disk: that protects a volume's disk without the root disk, and not both together",
          advice: seal)
      case .null:
        return .fail(
          name, "the \(key.name) is encrypted with a key that everybody has", advice: seal)
      case .unknown:
        return .unknown(
          name, "how the \(key.name) is sealed cannot be told",
          advice: "See whether it can be decrypted: systemd-creds list")
      case nil: return volume.judge(key.file, "the \(key.name)") { key.place($0, name, seal) }
      }
    }
  }
}

extension StoredKeyFacts {
  fileprivate func place(_ file: KeyFileFacts?, _ volume: String, _ seal: String) -> Observation {
    guard let file else {
      return .unknown(
        volume, "there is no \(name)", advice: "Restore it from its safe copy. \(advice)")
    }
    let why = file.place.problem ?? "nobody could see what is beneath"
    switch file.place.isEncrypted {
    case true:
      let mappings = Set(file.place.chain.filter(\.encrypts).map(\.name)).sorted()
      guard !mappings.isEmpty else {
        return .pass(
          volume,
          "the \(name) lies on no disk of this machine: after every restart somebody has to put it there"
        )
      }
      return .pass(volume, "the \(name) lies behind '\(mappings.joined(separator: "', '"))'")
    case false:
      return .fail(
        volume,
        "the \(name) lies in the clear (\(why)): that protects a volume's disk that is lost, replaced or copied by itself, and not from somebody who has this file's disk, too",
        advice: seal)
    default:
      return .unknown(
        volume, "where the \(name) lies cannot be told: \(why)",
        advice: "Audit as root, or see where it lies: findmnt -T \(file.path.shellWord)")
    }
  }
}
