import BlockDevices
import LUKS

/// Where a disk stands on its way to being the volume.
enum Standing: Equatable {
  case blank
  /// It holds something, and the operator has named it to be wiped.
  case condemned(contents: String)
  /// An interrupted run of ours left noise, or a header with neither keyslot nor token.
  case interrupted(Identifiers)
  /// An interrupted run of ours left header and keyslot, and no token.
  case keyed(Identifiers, Header)
  /// The token is there; the filesystem may not be.
  case formatted(VolumeToken, Header)
  case ready(VolumeToken, Header)
}

extension Standing {
  var isReady: Bool {
    if case .ready = self { true } else { false }
  }

  /// What a format would begin with; nil for a volume whose header is complete.
  var formattingStart: Formatting.Start? {
    switch self {
    case .blank: .blank
    case .condemned: .wiped
    case .interrupted: .interrupted
    case .keyed: .keyed
    case .formatted, .ready: nil
    }
  }

  /// Whether the header is written anew, so that a key can still be chosen.
  var takesNewHeader: Bool {
    switch self {
    case .blank, .condemned, .interrupted: true
    case .keyed, .formatted, .ready: false
    }
  }

  /// The UUIDs that are on the disk already, or were meant to be; nil where they can still be chosen.
  var identifiers: Identifiers? {
    switch self {
    case .blank, .condemned: nil
    case .interrupted(let own), .keyed(let own, _): own
    case .formatted(let token, let header), .ready(let token, let header):
      Identifiers(luks: header.uuid, filesystem: token.filesystem)
    }
  }
}
