/// What a node wrote about itself into its data path: proof that Elasticsearch has had it.
///
/// | version | folder | `node-N.st` | `segments_N` | known |
/// | --- | --- | --- | --- | --- |
/// | Elasticsearch 6.6 to 7.1 | `nodes/0/_state` | version 1: node id | none | read; 7.0 run |
/// | 7.2 to 7.5 | the same | and the node's version | none | read |
/// | 7.6 to 7.17 | the same | the same | node id and version | read |
/// | 8, 9 | `_state` | version 2: and the oldest index version | the same, the cluster's UUID since 8.8 | read |
/// | OpenSearch 1 to 3 | `nodes/0/_state` | version 1: node id and version | node id and version | read |
///
/// Elasticsearch itself believes the commit since 7.6. It still writes `node-N.st`, so that an older
/// version does not take the data path for an empty one, and means to stop that some day
/// (elastic/elasticsearch#95211): either is proof, and both must agree.
package struct NodeState: Equatable, Sendable {
  /// 22 characters of URL-safe base64; the key under `nodes` in `GET /_nodes/_local`.
  package let nodeID: String
  /// The version as Elasticsearch numbers it, since 7.2: 8170099 is 8.17.0.
  package let nodeVersionID: Int?
  /// The number of the oldest index version in the data path, since 8.0. It is a number of its own
  /// since 8.11, not that of a release.
  package let oldestIndexVersion: Int?
  /// The cluster that the node belongs to, from the commit, since 8.8; nil while it has formed none.
  package var clusterUUID: String?
  /// The path of the file, empty if the bytes came from elsewhere.
  package var file: String
  /// The N of `node-N.st`, which grows by one at every start of the node; that of the commit where
  /// there is no such file.
  package var generation: Int
  /// The commit that lies beside `node-N.st` or takes its place, since 7.6.
  package var commit: LuceneCommit?
  /// The version that the file `nodes` names, which 8.0 and later leave for older ones.
  package var marker: ElasticsearchVersion?
  /// Whether the upgrade from 7 to 8 was interrupted: what it moves from `nodes/0` to the data path itself
  /// is in both places. Elasticsearch 8 and later go on with it, and refuse to start where a folder of one
  /// name is in both (`NodeEnvironment`, read in 8 and 9.5; not run).
  package var isHalfUpgraded = false

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

  /// The version of the node, nil for a node before 7.2.
  package var nodeVersion: ElasticsearchVersion? {
    nodeVersionID.flatMap { ElasticsearchVersion(id: $0) }
  }

  /// The newest version that is known to have written here. An older one refuses to start on it.
  package var newestWriter: ElasticsearchVersion? {
    [nodeVersion, marker].compactMap(\.self).max()
  }
}

extension NodeState {
  /// A node state is about a hundred bytes.
  static let greatestSize = 1 << 20

  /// Reads the bytes of a `node-N.st`.
  ///
  /// | part | version 1: Elasticsearch 5 to 7, OpenSearch | version 2: since 8.0 |
  /// | --- | --- | --- |
  /// | frame | Lucene's, with the name `state` | the same |
  /// | content type | 1 for SMILE, big-endian | 1 for SMILE, little-endian |
  /// | body | a SMILE object | the same |
  ///
  /// Version 1 was run on files of a node of 7.0.0, version 2 on none: it was read in the source of
  /// 9.5. Integrity is checked strictly; keys that are not known are passed over.
  package static func decode(_ bytes: [UInt8]) throws(NodeStateError) -> NodeState {
    guard bytes.count <= greatestSize else { throw .tooLarge }
    let file = try CodecFile(bytes)
    guard file.name == "state" else { throw .foreign }
    let version = file.version
    guard version == 1 || version == 2 else { throw .unknownVersion(version) }
    // Elasticsearch 8 moved to a Lucene that writes this one field with its last byte first.
    var reader = file.body
    let type = try reader.bigEndian32()
    guard (version == 1 ? type : type.byteSwapped) == 1 else { throw .unknownContentType }
    let fields = try Smile.fields(&reader)
    guard case .text(let id)? = fields["node_id"], isNodeID(id) else { throw .noNodeID }
    return NodeState(
      nodeID: id, nodeVersionID: fields["node_version"]?.number,
      oldestIndexVersion: fields["oldest_index_version"]?.number)
  }

  /// Takes what a commit says, where it names a node: all values are texts there.
  ///
  /// - Returns: nil for the commit of another index, and for one in a format that is too new.
  init?(_ commit: LuceneCommit) {
    guard let data = commit.userData, let id = data["node_id"], Self.isNodeID(id) else {
      return nil
    }
    self.init(
      nodeID: id, nodeVersionID: data["node_version"].flatMap { Decimal.number($0) },
      oldestIndexVersion: data["oldest_index_version"].flatMap { Decimal.number($0) },
      file: commit.file, generation: commit.generation)
    add(commit)
  }

  mutating func add(_ commit: LuceneCommit) {
    self.commit = commit
    // What a node writes before it has found its cluster.
    clusterUUID = commit.userData?["cluster_uuid"].flatMap { $0 == "_na_" ? nil : $0 }
  }

  /// Sixteen random bytes in URL-safe base64 without padding.
  package static func isNodeID(_ text: String) -> Bool {
    text.utf8.count == 22 && text.utf8.allSatisfy(isBase64)
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
