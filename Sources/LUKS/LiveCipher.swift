/// What the kernel does at this moment with what is written to a mapping, whoever made it.
package struct LiveCipher: Equatable, Sendable {
  /// As in "aes-xts-plain64".
  package var name: String
  package var keyBits: Int
  /// Whether device-mapper's UUID says that it is of LUKS; a plain mapping has no header, and nobody can
  /// see what its key is made of.
  package var isLUKS: Bool

  package init(name: String, keyBits: Int, isLUKS: Bool) {
    self.name = name
    self.keyBits = keyBits
    self.isLUKS = isLUKS
  }

  /// Whether it encrypts at all: the null cipher does not, and needs no key.
  package var encrypts: Bool { keyBits > 0 && !CipherName(name).isNull }

  /// The cipher of a mapping; nil where it is no single dm-crypt target, or not there. Needs root.
  package static func ofMapping(_ name: String) throws(LUKSError) -> LiveCipher? {
    guard let table = try MappingTable.load(name), let crypt = CryptTarget(table) else {
      return nil
    }
    return LiveCipher(
      name: crypt.cipher, keyBits: crypt.keyBits, isLUKS: Mapping.luksUUID(in: table.uuid) != nil)
  }
}
