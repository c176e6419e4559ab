import CCryptsetup
import Glibc

/// How a keyslot makes it slow to guess its key.
package enum KeyDerivation: Equatable, Sendable {
  /// PBKDF2 with 1000 iterations, LUKS2's minimum: only for a random key, which nobody guesses.
  case pbkdf2Minimum
  /// Argon2id, benchmarked to take about `milliseconds` on this machine; 2000 is cryptsetup's
  /// default. The memory (KiB) bounds what every later unlock needs, perhaps on a smaller machine.
  case argon2id(maximumMemoryKiB: Int, milliseconds: Int = 2000)

  /// cryptsetup's default number of threads; the library lowers it to the processors there are.
  private static let argon2Threads: UInt32 = 4

  func withParameters<R>(
    hash: String, _ body: (UnsafePointer<crypt_pbkdf_type>) -> R
  ) -> R {
    var parameters = crypt_pbkdf_type()
    let type: String
    switch self {
    case .pbkdf2Minimum:
      type = CRYPT_KDF_PBKDF2
      parameters.iterations = 1000
      parameters.flags = ESVAULT_PBKDF_NO_BENCHMARK
    case .argon2id(let memory, let milliseconds):
      type = CRYPT_KDF_ARGON2ID
      parameters.time_ms = UInt32(clamping: milliseconds)
      parameters.max_memory_kb = UInt32(clamping: memory)
      parameters.parallel_threads = Self.argon2Threads
    }
    return type.withCString { type in
      hash.withCString { hash in
        parameters.type = type
        parameters.hash = hash
        return body(&parameters)
      }
    }
  }
}

/// A place in the header that holds the volume key, encrypted with somebody's key.
package struct Keyslot: Equatable, Sendable {
  package var id: Int
  /// "pbkdf2", "argon2i" or "argon2id"; empty for one that holds no key (reencryption).
  package var kdf: String
  /// The hash of PBKDF2; nil where the derivation has none.
  package var hash: String?
  /// Iterations of PBKDF2, or passes of Argon2.
  package var iterations: Int
  /// What Argon2 needs in KiB; nil for PBKDF2.
  package var memoryKiB: Int?
  /// Whether the key it holds belongs to no data on this device.
  package var isUnbound: Bool
  /// How the volume key in it is encrypted, as in "aes-xts-plain64".
  package var cipher: String

  package init(
    id: Int, kdf: String, hash: String?, iterations: Int, memoryKiB: Int?, isUnbound: Bool = false,
    cipher: String = "aes-xts-plain64"
  ) {
    self.id = id
    self.kdf = kdf
    self.hash = hash
    self.iterations = iterations
    self.memoryKiB = memoryKiB
    self.isUnbound = isUnbound
    self.cipher = cipher
  }

  /// Whether it holds its volume key in the clear, so that every key opens it: libcryptsetup before
  /// 2.8.1 takes such a keyslot (CVE-2025-59054). Whoever made it knows the volume key, and with it can
  /// read all that is written from then on.
  package var isInTheClear: Bool { CipherName(cipher).isNull }
}

extension LUKSDevice {
  /// Adds a keyslot for `key` with the volume key held since ``format(_:)``, and returns its number.
  ///
  /// The corresponding C functions are `crypt_set_pbkdf_type` and
  /// `crypt_keyslot_add_by_volume_key`.
  package mutating func addKeyslot(
    _ key: borrowing Secret, derivation: KeyDerivation
  ) throws(LUKSError) -> Int {
    let (handle, path) = (handle, path)
    let set = derivation.withParameters(hash: "sha512") { crypt_set_pbkdf_type(handle, $0) }
    try LUKSError.check(set, "choose the key derivation of", path, log: log)
    let result = key.withUnsafeBytes { key in
      crypt_keyslot_add_by_volume_key(
        handle, CRYPT_ANY_SLOT, nil, 0, key.baseAddress?.assumingMemoryBound(to: CChar.self),
        key.count)
    }
    return Int(try LUKSError.check(result, "add a keyslot to", path, log: log))
  }

  /// Tries the key without opening anything, and returns the keyslot that it fits.
  ///
  /// Throws `wrongKey` when it fits none. The corresponding C function is
  /// `crypt_activate_by_passphrase`, without a name.
  package mutating func check(_ key: borrowing Secret) throws(LUKSError) -> Int {
    let (handle, path) = (handle, path)
    let result = key.withUnsafeBytes { key in
      crypt_activate_by_passphrase(
        handle, nil, CRYPT_ANY_SLOT, key.baseAddress?.assumingMemoryBound(to: CChar.self),
        key.count, 0)
    }
    let keyslot = try LUKSError.check(result, "check the key of", path, log: log) { errno in
      errno == EPERM ? .wrongKey(device: path) : nil
    }
    return Int(keyslot)
  }

  /// The keyslots in use, as the loaded header has them.
  ///
  /// The corresponding C functions are `crypt_keyslot_status`, `crypt_keyslot_get_pbkdf` and
  /// `crypt_keyslot_get_encryption`.
  func keyslots() -> [Keyslot] {
    let slots = max(crypt_keyslot_max(crypt_get_type(handle)), 0)
    return (0..<slots).compactMap { id in
      let status = crypt_keyslot_status(handle, id)
      guard status != CRYPT_SLOT_INVALID, status != CRYPT_SLOT_INACTIVE else { return nil }
      var (kdf, keyBytes) = (crypt_pbkdf_type(), 0)
      let known = crypt_keyslot_get_pbkdf(handle, id, &kdf) == 0
      return Keyslot(
        id: Int(id), kdf: known ? String(c: kdf.type) : "",
        hash: kdf.hash.map { String(cString: $0) }, iterations: Int(kdf.iterations),
        memoryKiB: kdf.max_memory_kb > 0 ? Int(kdf.max_memory_kb) : nil,
        isUnbound: status == CRYPT_SLOT_UNBOUND,
        cipher: String(c: crypt_keyslot_get_encryption(handle, id, &keyBytes)))
    }
  }
}

extension String {
  /// A C string of the library; empty for NULL.
  init(c string: UnsafePointer<CChar>?) {
    self = string.map { String(cString: $0) } ?? ""
  }
}
