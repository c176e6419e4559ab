/// What esvault is about to do to a disk, kept on the root disk before the first write to that disk.
///
/// `crypt_format` zeroes the header area and fills it with noise before a header exists. A run that is
/// killed there leaves a disk that no probe recognises; the intent is what tells its noise from a
/// stranger's data.
package struct Intent: Codable, Equatable, Sendable {
  package static let currentVersion = 1

  package var version = Intent.currentVersion
  package let name: String
  /// The disk's own serial; nil for a disk that has none, which no intent can vouch for.
  package let serial: String?
  package let bytes: UInt64
  package let identifiers: Identifiers
  /// Seconds since 1970.
  package let time: Int

  package init(name: String, serial: String?, bytes: UInt64, identifiers: Identifiers, time: Int) {
    self.name = name
    self.serial = serial
    self.bytes = bytes
    self.identifiers = identifiers
    self.time = time
  }

  /// Whether this intent was recorded for that disk.
  ///
  /// A disk without a serial is never matched: another disk could not be told from it.
  package func matches(serial: String?, bytes: UInt64) -> Bool {
    guard let own = self.serial, let serial else { return false }
    return own == serial && self.bytes == bytes
  }
}

/// The UUIDs that a new volume will carry, chosen before anything is written.
package struct Identifiers: Codable, Equatable, Sendable {
  package let luks: String
  package let filesystem: String

  package init(luks: String, filesystem: String) {
    self.luks = luks
    self.filesystem = filesystem
  }
}
