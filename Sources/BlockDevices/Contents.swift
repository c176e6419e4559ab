/// What is known about the bytes of a device; "nothing there" and "could not look" differ.
package enum Contents: Equatable, Sendable, CustomStringConvertible {
  /// No signature, and every sampled place is empty: safe to write.
  case blank
  case holds(Signature)
  /// Neither blank nor known, and why: it may be somebody's data.
  case unknown(String)

  package var description: String {
    switch self {
    case .blank: "blank"
    case .holds(let signature): signature.description
    case .unknown(let reason): reason
    }
  }

  /// Looks at a block device or plain file without changing it; what cannot be read is unknown.
  ///
  /// With `exceptFirst`, only what lies beyond that many bytes is judged, and signatures are
  /// ignored: for a header area known to be the noise of our own interrupted format. With `part`, that
  /// part is looked at as if it were a device.
  package static func probe(
    _ path: String, exceptFirst skipped: UInt64 = 0, part: Range<UInt64>? = nil
  ) -> Contents {
    var generator = SystemRandomNumberGenerator()
    return probe(path, exceptFirst: skipped, part: part, using: &generator)
  }

  /// The same with a source of randomness that chooses the sampled blocks.
  package static func probe(
    _ path: String, exceptFirst skipped: UInt64 = 0, part: Range<UInt64>? = nil,
    using generator: inout some RandomNumberGenerator
  ) -> Contents {
    do {
      let file = try OpenFile.reading(path, part: part)
      guard file.size > skipped else {
        return .unknown(
          file.size == 0 ? "the device is empty (0 bytes)" : "nothing beyond byte \(skipped)")
      }
      file.forgetCache()
      if skipped == 0 {
        switch try Probe.of(file).outcome() {
        case .found(let signature): return .holds(signature)
        case .ambivalent(let types): return .unknown(BlockDeviceError.several(types))
        case .nothing: break
        }
      }
      let sample = BlankSample(of: file.size, beyond: skipped, using: &generator)
      if let offset = try sample.firstData(in: file) {
        return .unknown("data without a known signature at byte \(offset)")
      }
      return .blank
    } catch {
      return .unknown("\(error)")
    }
  }

  /// What blkid alone recognises, or nil: for the decrypted inside of a volume, where sectors
  /// that were never written are noise. Several signatures throw `ambivalent`.
  package static func signature(at path: String) throws(BlockDeviceError) -> Signature? {
    let file = try OpenFile.reading(path)
    guard file.size > 0 else { throw .noSuchDevice(path) }
    file.forgetCache()
    switch try Probe.of(file).outcome() {
    case .found(let signature): return signature
    case .nothing: return nil
    case .ambivalent(let types): throw .ambivalent(path, types: types)
    }
  }
}
