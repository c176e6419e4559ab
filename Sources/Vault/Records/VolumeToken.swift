import FoundationEssentials

/// The journal of a volume: a LUKS2 token in the disk's own header.
///
/// It says what the volume is and how far its making has come, so that an interrupted run can be
/// continued and a volume can be recognised on another machine. It is not encrypted, it holds no
/// secret, and somebody else may have written it: what it says is validated before it is believed.
package struct VolumeToken: Codable, Equatable, Sendable {
  /// The token's type in the LUKS2 header.
  package static let type = "esvault"
  /// The newest version that this program understands.
  package static let currentVersion = 1
  /// The most bytes that a token of ours can have. Measured: about 350 bytes with paths as usual.
  package static let maximumBytes = 16 * 1024

  /// How far the making of the volume has come.
  package enum Phase: String, Codable, Sendable {
    /// Header, keyslot and token exist; the filesystem may be missing or unfinished.
    case formatted
    /// The filesystem is complete. From here on nothing is ever made anew.
    case ready
  }

  package var type = VolumeToken.type
  /// LUKS2 demands the field; no keyslot is bound to this token.
  package var keyslots: [String] = []
  package var version = VolumeToken.currentVersion
  package var name: String
  package var serial: String?
  package var mount: String
  package var data: String
  /// The filesystem's UUID, chosen before mke2fs runs.
  package var filesystem: String
  package var phase: Phase

  package init(
    name: String, serial: String?, mount: String, data: String, filesystem: String, phase: Phase
  ) {
    self.name = name
    self.serial = serial
    self.mount = mount
    self.data = data
    self.filesystem = filesystem
    self.phase = phase
  }

  /// Reads a token's JSON.
  ///
  /// - Throws: ``VolumeTokenError`` for a newer version or for anything that this program did not write.
  package static func decode(_ json: String) throws(VolumeTokenError) -> VolumeToken {
    guard json.utf8.count <= maximumBytes else { throw .invalid("it has more than 16 KiB") }
    let data = Data(json.utf8)
    guard let version = try? JSONDecoder().decode(Version.self, from: data).version else {
      throw .invalid("it has no version")
    }
    guard version <= currentVersion else { throw .newerVersion(version) }
    guard version >= 1 else { throw .invalid("there is no version \(version)") }
    guard let token = try? JSONDecoder().decode(VolumeToken.self, from: data) else {
      throw .invalid("a field is missing or has another type")
    }
    guard AbsolutePath.mayBeMountPoint(token.mount) else {
      throw .invalid("its mount is no directory for a volume")
    }
    guard AbsolutePath.isNormalised(token.data), AbsolutePath.isBelow(token.data, token.mount)
    else { throw .invalid("its data is not a directory below its mount") }
    guard VolumeName.isValid(token.name) else { throw .invalid("its name is not a volume's name") }
    // It is shown to whoever decides.
    guard token.serial?.unicodeScalars.allSatisfy({ (0x20...0x7e).contains($0.value) }) ?? true,
      (token.serial?.utf8.count ?? 0) <= 256
    else { throw .invalid("its serial is not one of a disk") }
    // It becomes an argument of mke2fs, which also takes "clear" and "random".
    guard UUIDText.isValid(token.filesystem) else {
      throw .invalid("its filesystem is not a UUID")
    }
    return token
  }

  /// The token as JSON text, keys sorted.
  package func json() -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Strings, integers and arrays of strings: encoding them cannot fail.
    return String(decoding: try! encoder.encode(self), as: UTF8.self)
  }

  private struct Version: Decodable { let version: Int }
}

/// Why a token is not believed.
package enum VolumeTokenError: Error, Equatable, CustomStringConvertible {
  case newerVersion(Int)
  case invalid(String)

  package var description: String {
    switch self {
    case .newerVersion(let version):
      "its esvault token has version \(version), newer than this program"
    case .invalid(let reason): "its esvault token is not valid: \(reason)"
    }
  }
}
