import Glibc

/// The pair of numbers by which the kernel knows a device, such as 259:1.
package struct DeviceNumber: Hashable, Sendable, CustomStringConvertible {
  package let major: UInt32
  package let minor: UInt32

  package init(major: UInt32, minor: UInt32) {
    self.major = major
    self.minor = minor
  }

  /// Reads the form of sysfs and mountinfo, "259:1"; nil for anything else.
  package init?(_ text: some StringProtocol) {
    let bytes = text.utf8
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
      bytes.allSatisfy({ (0x30...0x3A).contains($0) }),
      let major = UInt32(text[..<colon]), let minor = UInt32(text[bytes.index(after: colon)...])
    else { return nil }
    self.init(major: major, minor: minor)
  }

  /// Splits what stat(2) calls `st_rdev` or `st_dev`, in glibc's layout (makedev(3)).
  package init(_ device: dev_t) {
    let bits = UInt64(device)
    major = UInt32((bits >> 8) & 0xFFF | (bits >> 32) & 0xFFFF_F000)
    minor = UInt32(bits & 0xFF | (bits >> 12) & 0xFFFF_FF00)
  }

  package var description: String { "\(major):\(minor)" }
}

extension Character {
  var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
