/// What it takes to decrypt a credential that `systemd-creds encrypt` has made.
///
/// The file is base64 text (RFC 4648), and what it begins with says so: 16 bytes, one number for each kind
/// (systemd's source, `src/shared/creds-util.h`, 250 to 257).
package enum CredentialSealing: Equatable, Sendable {
  /// The key in `/var/lib/systemd/credential.secret`, on the root disk.
  case host
  /// This machine's TPM2.
  case tpm2
  case hostAndTPM2
  /// A key of no bytes, which everybody has.
  case null
  /// A number that is not known here, or no credential.
  case unknown

  package init(_ text: [UInt8]) {
    guard let start = Self.decoded(text, bytes: 16) else {
      self = .unknown
      return
    }
    let digits = start.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    self = Self.kinds[digits] ?? .unknown
  }

  private static let kinds: [String: CredentialSealing] = [
    "5a1c6a86df9d4096b1d5a65e0862f19a": .host,
    // For one user's services only.
    "55b9ed1d38594d43a8319d2ebb332ac6": .host,
    "0c7cc07b117645919c4b0bea08bc20fe": .tpm2,
    // With a public key that signs which states of the machine are good.
    "faf7eb9341e3412ca1a436f95a29362f": .tpm2,
    "93a894094874449090caf2fc93cab553": .hostAndTPM2,
    "ef4ac13679a9480ea7db68897f9f165d": .hostAndTPM2,
    "af4950a849134eb1a73846304ff30c05": .hostAndTPM2,
    "adbc4ca3efb64201ba881b6f2e4095ea": .hostAndTPM2,
    "058469daf6f54324800549da0f8ea2fb": .null,
  ]

  /// The first bytes that the text stands for; nil where it is too short, or no such text.
  private static func decoded(_ text: [UInt8], bytes count: Int) -> [UInt8]? {
    var result: [UInt8] = []
    var (bits, width) = (UInt32(0), 0)
    for byte in text where byte != 0x0a && byte != 0x0d {
      guard let value = value(of: byte) else { return nil }
      bits = bits << 6 | value
      width += 6
      guard width >= 8 else { continue }
      width -= 8
      result.append(UInt8(truncatingIfNeeded: bits >> UInt32(width)))
      if result.count == count { return result }
    }
    return nil
  }

  private static func value(of byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
