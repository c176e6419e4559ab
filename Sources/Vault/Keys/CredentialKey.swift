import Glibc
import LUKS
import SystemPackage

/// A key that systemd keeps as a credential: given to a unit, or else in a store of the machine.
///
/// A unit with `LoadCredential=` finds it, already decrypted, in its own `$CREDENTIALS_DIRECTORY`. By
/// hand it is read from the stores, and an encrypted one is decrypted by `systemd-creds`.
package struct CredentialKey: StoredKey {
  package let id: String
  /// Where systemd has put the credentials of the unit that this process belongs to.
  private let directory: String?
  private let store: CredentialStore
  private let decryption: CredentialDecryption

  package init(_ id: String) {
    self.init(id, directory: getenv("CREDENTIALS_DIRECTORY").map { String(cString: $0) })
  }

  init(
    _ id: String, directory: String?, store: CredentialStore = CredentialStore(),
    decryption: CredentialDecryption = CredentialDecryption()
  ) {
    self.id = id
    self.directory = directory
    self.store = store
    self.decryption = decryption
  }

  package var name: String { "credential '\(id)'" }

  package var advice: String {
    "It is looked for in $CREDENTIALS_DIRECTORY and in \(CredentialStore.folderNames). Store it: mkdir -p -m 700 /etc/credstore.encrypted && systemd-creds encrypt --name=\(id.shellWord) KEYFILE \("/etc/credstore.encrypted/\(id)".shellWord)"
  }

  private var place: CredentialPlace? {
    if let given = directory.map({ "\($0)/\(id)" }), CredentialStore.exists(given) {
      return .plain(given)
    }
    return store.place(of: id)
  }

  /// What can be said about it without reading or decrypting it.
  package func facts() -> KeyFacts {
    switch place {
    case nil: .absent
    case .plain(let path): KeyFile(path).facts()
    case .encrypted(let path): KeyFile(path).factsOfCiphertext()
    }
  }

  package func withKey<Result>(_ work: (borrowing Secret) throws -> Result) throws -> Result {
    switch place {
    case nil: throw Refusal("there is no \(name)", advice: advice)
    case .plain(let path): return try KeyFile(path).withKey(work)
    case .encrypted(let path):
      let key: DecryptedKey
      do { key = try decryption.key(in: path, named: id) } catch {
        throw Refusal("the \(name) cannot be used: \(error)", advice: advice)
      }
      return try work(key.secret)
    }
  }

  package func makeDurable() throws {
    // What a unit was given lies in memory: its store is somebody else's.
    guard let place = store.place(of: id) else { return }
    try KeyFile(place.path).makeDurable()
  }
}
