/// What a node wrote about itself into `_state/node-N.st`: proof that Elasticsearch has had this data
/// path.
package struct NodeState: Equatable, Sendable {
  /// 22 characters of URL-safe base64; the key under `nodes` in `GET /_nodes/_local`.
  package let nodeID: String
  /// The version as Elasticsearch numbers it, since 7.2: 8170099 is 8.17.0.
  package let nodeVersionID: Int?
  /// The number of the oldest index version in the data path, since 8.0. It is a number of its own
  /// since 8.11, not that of a release.
  package let oldestIndexVersion: Int?
  /// The path of the file, empty if the bytes came from elsewhere.
  package var file: String
  /// The N of `node-N.st`, which grows by one at every start of the node.
  package var generation: Int

  package init(
    nodeID: String, nodeVersionID: Int? = nil, oldestIndexVersion: Int? = nil,
    file: String = "", generation: Int = 0
  ) {
    self.nodeID = nodeID
    self.nodeVersionID = nodeVersionID
    self.oldestIndexVersion = oldestIndexVersion
    self.file = file
    self.generation = generation
  }

  /// The version of the node, nil for a node before 7.2 and for OpenSearch.
  package var nodeVersion: ElasticsearchVersion? {
    nodeVersionID.flatMap { ElasticsearchVersion(id: $0) }
  }

  /// A node state is about a hundred bytes.
  static let greatestSize = 1 << 20

  /// Reads the bytes of a state file.
  ///
  /// The frame is Lucene's (`CodecUtil`): magic, name, version; at the end a footer with a CRC-32 of
  /// everything before it. Integrity is checked strictly; keys that are not known are passed over.
  package static func decode(_ bytes: [UInt8]) throws(NodeStateError) -> NodeState {
    guard bytes.count <= greatestSize else { throw .tooLarge }
    var reader = ByteReader(try framed(bytes))
    guard try reader.bigEndian32() == 0x3FD7_6C17, try reader.byte() == 5,
      try reader.take(5).elementsEqual("state".utf8)
    else { throw .foreign }
    let version = try reader.bigEndian32()
    guard version == 1 || version == 2 else { throw .unknownVersion(version) }
    // Elasticsearch 8 moved to a Lucene that writes this one field with its last byte first.
    let type = try reader.bigEndian32()
    guard (version == 1 ? type : type.byteSwapped) == 1 else { throw .unknownContentType }
    return try NodeState(fields: Smile.fields(&reader))
  }

  /// Takes the footer off, after it was found in order.
  private static func framed(_ bytes: [UInt8]) throws(NodeStateError) -> ArraySlice<UInt8> {
    var head = ByteReader(bytes[...])
    guard try head.bigEndian32() == 0x3FD7_6C17 else { throw .foreign }
    guard bytes.count >= 16 + 14 else { throw .truncated }
    var footer = ByteReader(bytes.suffix(16))
    // The complement of the magic number, and checksum algorithm 0, which is CRC-32.
    guard try footer.bigEndian32() == ~0x3FD7_6C17, try footer.bigEndian32() == 0 else {
      throw .footer
    }
    let stored = try UInt64(footer.bigEndian32()) << 32 | UInt64(footer.bigEndian32())
    let computed = CRC32.checksum(bytes.dropLast(8))
    guard stored == UInt64(computed) else { throw .checksum(stored: stored, computed: computed) }
    return bytes.dropLast(16)
  }

  private init(fields: [String: Smile.Value]) throws(NodeStateError) {
    guard case .text(let id)? = fields["node_id"], id.utf8.count == 22,
      id.utf8.allSatisfy(Self.isBase64)
    else { throw .noNodeID }
    self.init(
      nodeID: id, nodeVersionID: fields["node_version"]?.number,
      oldestIndexVersion: fields["oldest_index_version"]?.number)
  }

  private static func isBase64(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
