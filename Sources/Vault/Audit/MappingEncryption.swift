import BlockDevices

/// What a mapping of device-mapper does with what is written to it.
package enum MappingEncryption: Equatable, Sendable {
  /// dm-crypt, by a LUKS header.
  case luks(cipher: String)
  /// dm-crypt without a header. With a key of random bytes, made anew at each boot (crypttab(5)), it is
  /// right for swap.
  case plain(cipher: String, hasRandomKey: Bool)
  /// dm-crypt with a cipher that encrypts nothing.
  case null(cipher: String)
  /// Anything else: LVM, multipath…
  case none
  /// It should encrypt, and nobody could see whether it does: why.
  case unseen(String)

  func protects(_ purpose: AuditedPlace.Purpose) -> Bool {
    switch self {
    case .luks: true
    case .plain(_, let hasRandomKey): hasRandomKey && purpose == .swap
    case .null, .none, .unseen: false
    }
  }

  /// A phrase for a report; nil for what has nothing to do with encryption.
  func words(of name: String) -> String? {
    switch self {
    case .luks(let cipher): "LUKS, \(cipher)"
    case .plain(let cipher, true):
      "'\(name)' is plain dm-crypt (\(cipher)) with a random key of each boot"
    case .plain(let cipher, false):
      "'\(name)' is plain dm-crypt (\(cipher)), whose key nobody can check"
    case .null(let cipher): "the cipher of '\(name)' is '\(cipher)', which encrypts nothing"
    case .none: nil
    case .unseen(let why): why
    }
  }
}
