/// Names of systemd units.
package enum UnitName {
  /// The mount unit that stands for a directory, such as `mnt-es.mount`.
  package static func mount(at path: String) -> String { "\(escaped(path: path)).mount" }

  /// The device unit that stands for a device's path or link.
  static func device(_ path: String) -> String { "\(escaped(path: path)).device" }

  /// A service as systemctl understands it: `elasticsearch` means `elasticsearch.service`.
  static func service(_ name: String) -> String {
    name.hasSuffix(".service") ? name : "\(name).service"
  }

  /// A normalised absolute path as part of a unit's name, as `systemd-escape --path` writes it.
  ///
  /// `/` becomes `-`; every byte but letters, digits, `:`, `_` and `.` becomes `\x2d` and the like, and
  /// so does a dot at the beginning (systemd.unit(5), "String Escaping for Inclusion in Unit Names").
  package static func escaped(path: String) -> String {
    let bytes = Array(path.utf8.drop { $0 == slash })
    guard !bytes.isEmpty else { return "-" }
    return bytes.enumerated().map { index, byte in
      switch byte {
      case slash: "-"
      case dot where index == 0: hexadecimal(byte)
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, dot, colon, underscore:
        String(UnicodeScalar(byte))
      default: hexadecimal(byte)
      }
    }.joined()
  }

  private static let slash: UInt8 = 0x2f
  private static let dot: UInt8 = 0x2e
  private static let colon: UInt8 = 0x3a
  private static let underscore: UInt8 = 0x5f

  private static func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return "\\x" + (digits.count == 1 ? "0" : "") + digits
  }
}
