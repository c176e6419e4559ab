import CCryptsetup
import Glibc
import SystemPackage

/// An open LUKS volume, as the kernel has it: `/dev/mapper/<name>`.
package struct Mapping: Equatable, Sendable {
  package var name: String
  /// The path of the disk below; empty when it is gone.
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
  /// Throws `notAnEncryptedMapping` for one that is not of LUKS. The library reads the disk's
  /// header here, and may repair a damaged copy of it.
  ///
  /// The corresponding C functions are `crypt_init_by_name` and `crypt_get_active_device`.
  package static func active(_ name: String) throws(LUKSError) -> Mapping? {
    guard try exists(name) else { return nil }
    var handle: OpaquePointer?
    let result = crypt_init_by_name(&handle, name)
    defer { crypt_free(handle) }
    // Asked first: for other targets, the library's answer depends on the target.
    let kernelUUID = kernelUUID(of: name)
    if let kernelUUID, luksUUID(in: kernelUUID) == nil { throw .notAnEncryptedMapping(name) }
    try LUKSError.check(result, "look at", name, log: .global)
    guard let handle, let uuid = kernelUUID.flatMap(luksUUID(in:)) else {
      throw .notAnEncryptedMapping(name)
    }
    var active = crypt_active_device()
    try LUKSError.check(
      crypt_get_active_device(handle, name, &active), "look at", name, log: .global)
    return Mapping(
      name: name, device: String(c: crypt_get_device_name(handle)), uuid: uuid,
      cipher:
        "\(String(c: crypt_get_cipher(handle)))-\(String(c: crypt_get_cipher_mode(handle)))",
      keyBits: Int(crypt_get_volume_key_size(handle)) * 8,
      sectorSize: Int(crypt_get_sector_size(handle)), dataOffset: active.offset * 512)
  }

  /// Closes the mapping. Throws `notActive`, or `deviceBusy` while something uses it.
  ///
  /// The corresponding C function is `crypt_deactivate`.
  package static func close(_ name: String) throws(LUKSError) {
    guard try exists(name) else { throw .notActive(name) }
    try LUKSError.check(crypt_deactivate(nil, name), "close", name, log: .global) { errno in
      switch errno {
      case ENODEV: .notActive(name)
      case EBUSY: .deviceBusy(name)
      default: nil
      }
    }
  }

  /// Whether there is a mapping of any kind with this name.
  ///
  /// `crypt_init_by_name` answers ENODEV both for "no such mapping" and for "device-mapper cannot
  /// be asked" (no module, not root); only the status tells them apart, and the latter is an error.
  ///
  /// The corresponding C function is `crypt_status`.
  private static func exists(_ name: String) throws(LUKSError) -> Bool {
    _ = Log.global.take()
    let status = crypt_status(nil, name)
    let result = status == CRYPT_INVALID ? -ENOTSUP : 0
    try LUKSError.check(result, "look for", name, log: .global)
    return status != CRYPT_INACTIVE
  }

  /// What device-mapper calls the UUID of a mapping, as in "CRYPT-LUKS2-<32 digits>-<name>".
  private static func kernelUUID(of name: String) -> String? {
    var status = stat()
    guard stat("/dev/mapper/\(name)", &status) == 0 else { return nil }
    let numbers = "\(gnu_dev_major(status.st_rdev)):\(gnu_dev_minor(status.st_rdev))"
    guard
      let file = try? FileDescriptor.open("/sys/dev/block/\(numbers)/dm/uuid", .readOnly)
    else { return nil }
    defer { try? file.close() }
    // DM_UUID_LEN in linux/dm-ioctl.h is 129.
    let bytes = try? [UInt8](unsafeUninitializedCapacity: 256) { buffer, count in
      count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
    }
    return bytes.map { String(decoding: $0.prefix { $0 != 0x0A }, as: UTF8.self) }
  }

  /// The LUKS UUID in device-mapper's; nil when that is not of a LUKS mapping.
  static func luksUUID(in kernelUUID: String) -> String? {
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
