/// What the name of a cipher says of how well it encrypts.
package struct CipherName: Sendable {
  private let name: String

  /// - Parameter name: cipher and mode, as in "aes-xts-plain64".
  package init(_ name: String) { self.name = name }

  /// Whether it changes nothing: "cipher_null" of the kernel, alone or within a name of its crypto API
  /// ("capi:ecb(cipher_null)"), in whatever letters.
  package var isNull: Bool { name.lowercased().contains("null") }

  /// Whether it is one that is known to encrypt: a cipher of cryptsetup(8), in a mode that changes with
  /// each sector. `ecb` does not: equal blocks stay equal.
  package var isKnown: Bool {
    let parts = name.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    return parts.count == 2 && Self.ciphers.contains(parts[0]) && Self.modes.contains(parts[1])
  }

  private static let ciphers: Set<Substring> = ["aes", "serpent", "twofish", "camellia"]
  private static let modes: Set<Substring> = [
    "xts-plain64", "xts-plain64be", "xts-plain", "xts-essiv:sha256", "cbc-essiv:sha256",
    "cbc-plain64", "cbc-plain",
  ]
}
