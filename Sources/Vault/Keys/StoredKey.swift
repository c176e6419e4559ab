/// A source that later runs find again: the configuration names it.
package protocol StoredKey: KeySource, Sendable {
  /// What can be said about the key without reading it.
  func facts() -> KeyFacts
  /// What to do where it is missing or cannot be used.
  var advice: String { get }
}

extension RecordedKey {
  package var source: any StoredKey {
    switch self {
    case .file(let path): KeyFile(path)
    case .credential(let name): CredentialKey(name)
    }
  }
}

extension KeySpec {
  /// The source of a stored key; nil for one that is stored nowhere.
  package var source: (any StoredKey)? { recorded?.source }
}
