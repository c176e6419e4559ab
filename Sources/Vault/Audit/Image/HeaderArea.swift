import FoundationEssentials

/// The beginning of a LUKS2 container: two copies of the header, and the keyslots' areas (LUKS2 On-Disk
/// Format Specification, 2 and 3.5).
enum HeaderArea {
  /// In front of the JSON area of each copy, in bytes.
  private static let binaryHeader: UInt64 = 4096

  /// Where it ends, in bytes; nil where the JSON area does not say it.
  static func end(in metadata: String) -> UInt64? {
    guard let decoded = try? JSONDecoder().decode(Metadata.self, from: Data(metadata.utf8)),
      let json = UInt32(decoded.config.json), let keyslots = UInt32(decoded.config.keyslots)
    else { return nil }
    return 2 * (binaryHeader + UInt64(json)) + UInt64(keyslots)
  }

  private struct Metadata: Decodable {
    var config: Config
  }

  private struct Config: Decodable {
    var json: String
    var keyslots: String

    enum CodingKeys: String, CodingKey {
      case json = "json_size"
      case keyslots = "keyslots_size"
    }
  }
}
