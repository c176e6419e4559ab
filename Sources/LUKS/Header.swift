import CCryptsetup
import SystemPackage

/// What a LUKS header says.
package struct Header: Equatable, Sendable {
  /// 1 or 2.
  package var version: Int
  /// In lower case, whatever the disk has: in a process that links all of Foundation (not only
  /// FoundationEssentials), its `uuid_unparse` takes the place of libuuid's and writes capitals.
  package var uuid: String
  package var label: String
  package var subsystem: String
  /// Cipher and mode, as in "aes-xts-plain64"; "cipher_null-…" encrypts nothing.
  package var cipher: String
  package var keyBits: Int
  /// The unit of encryption in bytes.
  package var sectorSize: Int
  /// Where the encrypted data begins, in bytes.
  package var dataOffset: UInt64
  package var keyslots: [Keyslot]
  package var tokens: [Token]
  /// What a program must support to use this volume: "online-reencrypt", "offline-reencrypt" or
  /// "unknown"; none when nothing is unfinished.
  package var requirements: [String]
  /// How many of the two copies of a LUKS2 header are damaged or out of date: 0 or 1.
  package var damagedCopies: Int
  /// The JSON area of a LUKS2 header, as the library writes it; empty for LUKS1.
  package var metadata: String

  package init(
    version: Int, uuid: String, label: String, subsystem: String, cipher: String, keyBits: Int,
    sectorSize: Int, dataOffset: UInt64, keyslots: [Keyslot] = [], tokens: [Token] = [],
    requirements: [String] = [], damagedCopies: Int = 0, metadata: String = ""
  ) {
    self.version = version
    self.uuid = uuid
    self.label = label
    self.subsystem = subsystem
    self.cipher = cipher
    self.keyBits = keyBits
    self.sectorSize = sectorSize
    self.dataOffset = dataOffset
    self.keyslots = keyslots
    self.tokens = tokens
    self.requirements = requirements
    self.damagedCopies = damagedCopies
    self.metadata = metadata
  }

  /// The header on a device or in a file; nil when there is no trace of one. With `part`, that part is
  /// looked at as if it were a device.
  ///
  /// Nothing on the device is written: libcryptsetup repairs a damaged copy when it loads one, so it is given a
  /// copy in memory. Throws `unreadableHeader` where a LUKS signature is there but no copy is
  /// usable, and `failed` where the device cannot be read.
  ///
  /// May be called by several threads: while one of them waits for a disk, the others go on.
  package static func read(
    from path: String, part: Range<UInt64>? = nil
  ) throws(LUKSError) -> Header? {
    let copy = try HeaderCopy.taken(from: path, part: part)
    guard copy.hasSignature else { return nil }
    return try LUKSLibrary.turn.withLock { _ throws(LUKSError) in try of(copy, calling: path) }
  }

  private static func of(
    _ copy: borrowing HeaderCopy, calling path: String
  ) throws(LUKSError) -> Header {
    var device = try LUKSDevice.open(copy.path, calling: path)
    do { try device.load() } catch {
      guard case .failed(_, _, _, let log) = error else { throw error }
      throw .unreadableHeader(device: path, log: log)
    }
    var header = device.header()
    header.damagedCopies = try copy.wasRepaired() ? 1 : 0
    return header
  }
}

extension LUKSDevice {
  /// What the header says that this handle has loaded or written.
  package func header() -> Header {
    Header(
      version: String(c: crypt_get_type(handle)) == CRYPT_LUKS1 ? 1 : 2,
      uuid: String(c: crypt_get_uuid(handle)).lowercased(),
      label: String(c: crypt_get_label(handle)),
      subsystem: String(c: crypt_get_subsystem(handle)), cipher: cipher,
      keyBits: Int(crypt_get_volume_key_size(handle)) * 8,
      sectorSize: Int(crypt_get_sector_size(handle)),
      dataOffset: crypt_get_data_offset(handle) * 512, keyslots: keyslots(), tokens: tokens(),
      requirements: requirements(), metadata: metadata())
  }

  /// The corresponding C function is `crypt_dump_json`.
  private func metadata() -> String {
    var json: UnsafePointer<CChar>?
    return crypt_dump_json(handle, &json, 0) == 0 ? String(c: json) : ""
  }

  /// Cipher and mode, as in "aes-xts-plain64".
  var cipher: String {
    "\(String(c: crypt_get_cipher(handle)))-\(String(c: crypt_get_cipher_mode(handle)))"
  }

  /// The corresponding C function is `crypt_persistent_flags_get`.
  private func requirements() -> [String] {
    var flags: UInt32 = 0
    guard crypt_persistent_flags_get(handle, CRYPT_FLAGS_REQUIREMENTS, &flags) == 0 else {
      return []
    }
    let names = [
      (ESVAULT_REQUIREMENT_OFFLINE_REENCRYPT, "offline-reencrypt"),
      (ESVAULT_REQUIREMENT_ONLINE_REENCRYPT, "online-reencrypt"),
      (ESVAULT_REQUIREMENT_UNKNOWN, "unknown"),
    ]
    return names.filter { flags & $0.0 != 0 }.map(\.1)
  }

  /// Writes label and subsystem into the loaded LUKS2 header.
  ///
  /// The corresponding C function is `crypt_set_label`.
  package mutating func write(label: String, subsystem: String) throws(LUKSError) {
    try LUKSError.check(
      crypt_set_label(handle, label, subsystem), "write the label of", path, log: log)
  }
}
