extension Check {
  /// A key file is a plain file of root with mode 0400 or 0600; in no directory on its way may anybody
  /// else put another file in its place; and it does not lie on the volume that it opens. Of an encrypted
  /// credential (systemd-creds(1)) anybody may read the file.
  static let keyFile = Check(
    "key-file", .error,
    "Each stored key is there, root's alone, and not on the volume that it opens.",
    reason:
      "A key that others can read opens the volume for them; one that is gone, or locked in with the data, opens it for nobody."
  ) { facts in
    facts.madeVolumes.compactMap { volume in
      guard let key = volume.boot.key else { return nil }
      return volume.judge(key.file, "the \(key.name)") { file in
        guard let file else {
          return .fail(
            volume.name, "there is no \(key.name)",
            advice:
              "Restore it from its safe copy: without it the volume stays closed. \(key.advice)")
        }
        let evidence = [
          "'\(file.path)': user \(file.user), mode \(file.mode.octal), \(file.bytes) bytes"
        ]
        guard let problem = key.problem(of: file) else {
          return .pass(volume.name, "the \(key.name) is root's alone", evidence: evidence)
        }
        return .fail(
          volume.name, "the \(key.name) \(problem.what)", advice: problem.advice, evidence: evidence
        )
      }
    }
  }
}

extension StoredKeyFacts {
  fileprivate func problem(of file: KeyFileFacts) -> (what: String, advice: String)? {
    let word = file.path.shellWord
    switch file.kind {
    case .plain: break
    case .link(let target):
      return (
        "is a symbolic link to '\(target)'",
        "Put the file itself in its place: cp --remove-destination \(target.shellWord) \(word)"
      )
    case .directory, .other:
      return ("is not a plain file", "See what it is: ls -la \(word)")
    }
    if file.isOnVolume {
      return (
        "lies on the volume that it opens",
        "Move it onto another disk: install -m 0400 \(word) /etc/esvault/keys/, and name it in the configuration"
      )
    }
    guard file.user == 0 else {
      return ("belongs to user \(file.user)", "Give it to root: chown root:root \(word)")
    }
    if sealing == nil, ![0o400, 0o600].contains(file.mode) {
      return ("has mode \(file.mode.octal)", "Take it from all others: chmod 0400 \(word)")
    }
    if file.bytes == 0 { return ("is empty", "Restore it from its safe copy. \(advice)") }
    guard let folder = file.openFolders.sorted(by: { $0.key < $1.key }).first else { return nil }
    return (
      "can be replaced by others than root: '\(folder.key)' belongs to user \(folder.value.user) and has mode \(folder.value.mode.octal)",
      "Take it from them: chown root:root \(folder.key.shellWord) && chmod go-w \(folder.key.shellWord)"
    )
  }
}

extension UInt32 {
  /// A mode as chmod(1) writes it.
  fileprivate var octal: String { "0" + String(self, radix: 8) }
}
