import Glibc

/// Where a credential is stored, and in which form.
package enum CredentialPlace: Equatable, Sendable {
  /// Encrypted for this machine by `systemd-creds encrypt`.
  case encrypted(String)
  case plain(String)

  package var path: String {
    switch self {
    case .encrypted(let path), .plain(let path): path
    }
  }
}

/// The folders in which systemd looks for the credentials of a unit (systemd.exec(5),
/// `LoadCredential=`).
package struct CredentialStore: Sendable {
  /// Before each folder; not empty in tests.
  private let root: String

  package init(root: String = "") {
    self.root = root
  }

  /// Where the credential is; nil where no store has it.
  ///
  /// An encrypted one goes before a plain one. What cannot be looked at counts as being there: the
  /// reading will say why it fails.
  package func place(of name: String) -> CredentialPlace? {
    for folder in Self.folders {
      let path = "\(root)\(folder).encrypted/\(name)"
      if Self.exists(path) { return .encrypted(path) }
    }
    for folder in Self.folders {
      let path = "\(root)\(folder)/\(name)"
      if Self.exists(path) { return .plain(path) }
    }
    return nil
  }

  static let folders = ["/etc/credstore", "/run/credstore", "/usr/lib/credstore"]

  /// As a message names them.
  static var folderNames: String {
    let words = folders.flatMap { ["\($0).encrypted", $0] }
    return words.dropLast().joined(separator: ", ") + " and " + words.last!
  }

  static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 || ![ENOENT, ENOTDIR].contains(errno)
  }
}

/// What may name a credential.
package enum CredentialName {
  /// A file name of printable ASCII, at most 255 characters, as systemd has it; of these none that
  /// must be quoted in a unit file: blank, `"`, `'`, `%`, `\` and `$`.
  package static func isValid(_ name: String) -> Bool {
    let excluded = Set("/:\"'%\\$".utf8)
    return (1...255).contains(name.utf8.count) && name != "." && name != ".."
      && name.utf8.allSatisfy { (0x21...0x7e).contains($0) && !excluded.contains($0) }
  }
}
