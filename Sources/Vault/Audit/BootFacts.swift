/// What decides whether a volume comes back after a reboot, by itself or with its key.
package struct BootFacts: Equatable, Sendable {
  /// The files of its units. The program is the one that they name, and not this one, which somebody
  /// may have brought along to audit with.
  package var units = UnitsFacts()
  /// Whether that program is there and can be run.
  package var hasProgram = false
  /// The configuration that was read for this audit.
  package var configurationPath = Configuration.defaultPath
  /// What systemd goes by for the unit that opens the volumes: its file and all drop-ins.
  package var unlock = ServiceDefinition()
  /// Why systemd told nothing; nil where it answered.
  package var silence: String?
  /// Whether the directory that the volume is mounted on is immutable; `nothing`: there is none.
  package var guarding: Sight<Bool> = .nothing
  /// The stored key; nil for one that is stored nowhere.
  package var key: StoredKeyFacts?

  package init() {}
}

/// What can be said about a stored key without reading it.
package struct StoredKeyFacts: Equatable, Sendable {
  /// As messages name it: `key file '/etc/…'`.
  package var name: String
  /// What to do where it is missing.
  package var advice: String
  package var file: Sight<KeyFileFacts>
  /// How it is sealed, where it is an encrypted credential.
  package var sealing: CredentialSealing?

  package init(
    name: String, advice: String, file: Sight<KeyFileFacts>, sealing: CredentialSealing? = nil
  ) {
    self.name = name
    self.advice = advice
    self.file = file
    self.sealing = sealing
  }
}

/// The file that a key is in.
package struct KeyFileFacts: Equatable, Sendable {
  package enum Kind: Equatable, Sendable {
    case plain, directory, other
    case link(to: String)
  }

  package var path: String
  package var kind: Kind
  /// The owner's number.
  package var user: UInt32
  /// Permission bits only.
  package var mode: UInt32
  package var bytes: UInt64
  /// Directories on the way in which others than root may put another file in its place: each with
  /// its owner and mode.
  package var openFolders: [String: Ownership] = [:]
  /// The first symbolic link on the way, if there is one, and where the file really is.
  package var link: String?
  package var isOnVolume = false
  /// What lies beneath it.
  package var place: AuditedPlace

  package init(path: String, kind: Kind = .plain, user: UInt32 = 0, mode: UInt32, bytes: UInt64) {
    self.path = path
    self.kind = kind
    self.user = user
    self.mode = mode
    self.bytes = bytes
    place = .unseen(.key, path, origin: path, "nobody looked where it lies")
  }
}
