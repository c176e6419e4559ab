import BlockDevices
import LUKS

extension Header {
  /// Whether esvault wrote this header. Label and subsystem come in the same write as the header.
  package var isEsvault: Bool { version == 2 && subsystem == VolumeName.subsystem }
}

extension Configuration {
  /// The finished volume that is recorded with the LUKS UUID of this disk or, where its header cannot
  /// be read any more, with the disk itself.
  func volume(on disk: DiskFacts) -> RecordedVolume? {
    if let uuid = disk.luksUUID, let volume = volumes.first(where: { $0.uuid == uuid }) {
      return volume
    }
    guard disk.contents != .blank else { return nil }
    return volumes.first {
      $0.uuid != nil && ($0.device.map(disk.disk.answers(to:)) ?? false)
    }
  }
}

extension DiskFacts {
  /// Whether all that is on the disk is what `crypt_format` leaves when it is killed: noise in the
  /// header area, and nothing behind it.
  func isNoise(of intent: Intent) -> Bool {
    intent.matches(serial: disk.serial, bytes: disk.bytes) && disk.partitions.isEmpty
      && mayBeHalfAHeader && behindHeader == .blank
  }

  /// Whether no header can be read, and no signature but that of LUKS: the library writes a header
  /// twice, first without its checksum.
  var mayBeHalfAHeader: Bool {
    switch (contents, header) {
    case (_, .header), (.blank, _): false
    case (.unknown, _): true
    case (.holds(let signature), .unreadable): signature.type == "crypto_LUKS"
    case (.holds, .none): false
    }
  }
}
