extension Header {
  /// Tries a key without the disk: on a copy of the header area in memory, and returns the keyslot that
  /// the key fits. Nothing is mapped and nothing is written.
  ///
  /// It takes the time and the memory of one unlocking. Keyslots that begin behind
  /// ``HeaderFormat/dataOffset``, where the data of every volume of ours begins, are not found.
  ///
  /// Throws `wrongKey` when the key fits no keyslot, `unreadableHeader` where no copy of the header is
  /// usable or there is none.
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
    return try device.check(key)
  }
}
