import CCryptsetup
import Glibc

/// What a new LUKS2 header says.
package struct HeaderFormat: Equatable, Sendable {
  /// Where the encrypted data begins, in bytes: 16 MiB, cryptsetup's own default for LUKS2.
  package static let dataOffset: UInt64 = 16 << 20

  /// Chosen by the caller, so that it can be recorded before the disk is written.
  package var uuid: String
  package var label: String
  package var subsystem: String
  package var cipher: String
  package var mode: String
  /// The size of the volume key; XTS splits it in two, so 512 bits are AES-256.
  package var keyBits: Int
  /// The hash of keyslots and of the volume key's digest.
  package var hash: String
  /// The unit of encryption in bytes, 512 to 4096; no smaller than the disk's own block.
  package var sectorSize: Int

  package init(
    uuid: String, label: String, subsystem: String = "esvault", cipher: String = "aes",
    mode: String = "xts-plain64", keyBits: Int = 512, hash: String = "sha512", sectorSize: Int
  ) {
    self.uuid = uuid
    self.label = label
    self.subsystem = subsystem
    self.cipher = cipher
    self.mode = mode
    self.keyBits = keyBits
    self.hash = hash
    self.sectorSize = sectorSize
  }
}

extension LUKSDevice {
  /// Destroys what the device holds, and writes a LUKS2 header without any keyslot.
  ///
  /// Label and subsystem come in the same write. The volume key stays with this handle, so that
  /// ``addKeyslot(_:derivation:)`` can follow. A regular file that is too small grows.
  ///
  /// The corresponding C function is `crypt_format`.
  package mutating func format(_ format: HeaderFormat) throws(LUKSError) {
    let handle = handle
    // Fixed, because the library would otherwise follow the disk's preferred alignment, and a header
    // with another offset than expected counts as tampered with.
    crypt_set_data_offset(handle, HeaderFormat.dataOffset / 512)
    let result = format.label.withCString { label in
      format.subsystem.withCString { subsystem in
        // The digest of a random volume key needs no slow derivation, so nothing is benchmarked.
        KeyDerivation.pbkdf2Minimum.withParameters(hash: format.hash) { derivation in
          var parameters = crypt_params_luks2()
          parameters.pbkdf = derivation
          parameters.sector_size = UInt32(format.sectorSize)
          parameters.label = label
          parameters.subsystem = subsystem
          return crypt_format(
            handle, CRYPT_LUKS2, format.cipher, format.mode, format.uuid, nil, format.keyBits / 8,
            &parameters)
        }
      }
    }
    let path = path
    try LUKSError.check(result, "format", path, log: log) { errno in
      errno == EBUSY ? .deviceBusy(path) : nil
    }
  }
}
