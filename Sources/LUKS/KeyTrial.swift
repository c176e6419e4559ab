import CCryptsetup
import Glibc

extension Header {
  /// Tries a key without the disk: on a copy of the header area in memory, and returns the keyslot that
  /// the key fits. Nothing is mapped and nothing is written.
  ///
  /// It takes the time and the memory of one unlocking. Keyslots that begin behind
  /// ``HeaderFormat/dataOffset``, where the data of every volume of ours begins, are not found.
  ///
  /// Throws `wrongKey` when the key fits no keyslot, `unreadableHeader` where no copy of the header is
  /// usable, there is none, or it would take any key.
  package static func keyslot(
    for key: borrowing Secret, on path: String
  ) throws(LUKSError) -> Int {
    let copy = try HeaderCopy.taken(from: path, bytes: Int(HeaderFormat.dataOffset))
    guard copy.hasSignature else { throw .unreadableHeader(device: path, log: "") }
    var device = try LUKSDevice.open(copy.path, calling: path)
    do { try device.load() } catch {
      guard case .failed(_, _, _, let log) = error else { throw error }
      throw .unreadableHeader(device: path, log: log)
    }
    guard try device.tellsKeysApart() else {
      throw .unreadableHeader(device: path, log: "its digest fits every key")
    }
    return try device.check(key)
  }
}

extension LUKSDevice {
  /// Whether the header's digest refuses noise in the place of the volume key.
  ///
  /// libcryptsetup 2.6.1 takes a digest that is not as long as its hash, or whose salt has another
  /// length, for one that fits: with such a header every key seems to be right.
  ///
  /// The corresponding C function is `crypt_volume_key_verify`.
  fileprivate func tellsKeysApart() throws(LUKSError) -> Bool {
    let size = Int(crypt_get_volume_key_size(handle))
    guard size > 0 else { return false }
    let noise = try Secret.random(bits: size * 8)
    let result = noise.withUnsafeBytes { noise in
      crypt_volume_key_verify(
        handle, noise.baseAddress?.assumingMemoryBound(to: CChar.self), noise.count)
    }
    _ = log.take()
    return result == -EPERM
  }
}
