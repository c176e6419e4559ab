import CCryptsetup
import Glibc
import SystemPackage

/// An open LUKS volume, as the kernel has it: `/dev/mapper/<name>`.
package struct Mapping: Equatable, Sendable {
  package var name: String
  /// The disk below as the kernel names it, major:minor.
  package var device: String
  /// The LUKS UUID that the kernel remembers since activation, whatever the disk says now.
  package var uuid: String
  /// Cipher and mode, as in "aes-xts-plain64"; "cipher_null-…" encrypts nothing.
  package var cipher: String
  package var keyBits: Int
  /// The unit of encryption in bytes.
  package var sectorSize: Int
  /// Where the encrypted data begins on the disk, in bytes.
  package var dataOffset: UInt64

  package init(
    name: String, device: String, uuid: String, cipher: String, keyBits: Int, sectorSize: Int,
    dataOffset: UInt64
  ) {
    self.name = name
    self.device = device
    self.uuid = uuid
    self.cipher = cipher
    self.keyBits = keyBits
    self.sectorSize = sectorSize
    self.dataOffset = dataOffset
  }

  /// The mapping with this name; nil when there is none. Needs root.
  ///
  /// One that was never given a table maps nothing, and counts as none: whoever opened the volume was
  /// cut off, see ``removeUnfinished(_:uuid:)``.
  ///
  /// Throws `notAnEncryptedMapping` for one that is not of LUKS. Only the kernel is asked, what it
  /// does with the data at this moment: no disk is read, and so no header can be repaired by looking.
  package static func active(_ name: String) throws(LUKSError) -> Mapping? {
    guard let table = try MappingTable.load(name), !table.isUnfinished else { return nil }
    guard let uuid = luksUUID(in: table.uuid), let crypt = CryptTarget(table) else {
      throw .notAnEncryptedMapping(name)
    }
    return Mapping(
      name: name, device: crypt.device, uuid: uuid, cipher: crypt.cipher, keyBits: crypt.keyBits,
      sectorSize: crypt.sectorSize, dataOffset: crypt.offset)
  }

  /// Takes away what an opening of this volume has left that was cut off: device-mapper makes a mapping
  /// first, and gives it its table then. In between it maps nothing, and is in the way of the next
  /// opening.
  ///
  /// - Parameter uuid: the LUKS UUID of the volume; what is another's is left alone.
  ///
  /// Throws `deviceBusy` while somebody has it open, as udev may for a moment.
  package static func removeUnfinished(_ name: String, uuid: String) throws(LUKSError) {
    guard let table = try MappingTable.load(name), table.isUnfinished,
      luksUUID(in: table.uuid) == uuid
    else { return }
    try MappingTable.remove(name)
  }

  /// The LUKS UUID of the volume whose opening was cut off, see ``removeUnfinished(_:uuid:)``; nil where
  /// the mapping has a table, or there is none.
  package static func unfinishedUUID(_ name: String) throws(LUKSError) -> String? {
    guard let table = try MappingTable.load(name), table.isUnfinished else { return nil }
    return luksUUID(in: table.uuid)
  }

  /// Closes the mapping. Throws `notActive`, or `deviceBusy` while something uses it.
  ///
  /// The corresponding C function is `crypt_deactivate`.
  package static func close(_ name: String) throws(LUKSError) {
    guard let table = try MappingTable.load(name) else { throw .notActive(name) }
    // libdevmapper would try for five seconds, and then give another error.
    guard table.openCount == 0 else { throw .deviceBusy(name) }
    _ = Log.global.take()
    try LUKSError.check(crypt_deactivate(nil, name), "close", name, log: .global) { errno in
      switch errno {
      case ENODEV: .notActive(name)
      case EBUSY: .deviceBusy(name)
      default: nil
      }
    }
  }

  /// The LUKS UUID in device-mapper's, in lower case; nil when that is not of a LUKS mapping.
  package static func luksUUID(in kernelUUID: String) -> String? {
    let parts = kernelUUID.split(separator: "-", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0] == "CRYPT", parts[1] == "LUKS1" || parts[1] == "LUKS2",
      parts[2].count == 32, parts[2].allSatisfy(\.isHexDigit)
    else { return nil }
    var digits = parts[2].lowercased()[...]
    return [8, 4, 4, 4, 12].map { length in
      defer { digits = digits.dropFirst(length) }
      return String(digits.prefix(length))
    }.joined(separator: "-")
  }
}
