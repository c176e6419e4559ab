import FoundationEssentials

/// A part of the data area of a LUKS2 container, and what is done with it (LUKS2 On-Disk Format
/// Specification, 3.3).
package struct Segment: Equatable, Sendable, Decodable {
  /// "crypt", or "linear" for what is not encrypted.
  package var type: String
  /// In bytes, or "dynamic" for all up to the disk's end.
  package var size: String

  /// Whether it encrypts everything behind the header.
  package var isWholeDisk: Bool { type == "crypt" && size == "dynamic" }

  /// Those that the JSON area of a header names; none where it cannot be read.
  package static func all(in metadata: String) -> [Segment] {
    struct Metadata: Decodable { var segments: [String: Segment] }
    let decoded = try? JSONDecoder().decode(Metadata.self, from: Data(metadata.utf8))
    return decoded.map { Array($0.segments.values) } ?? []
  }
}
