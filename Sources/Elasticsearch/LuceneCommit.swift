/// What a commit of a Lucene index says: `segments_N`, in which nodes since 7.6 keep their id too.
///
/// The formats, by the number in the header (`SegmentInfos` in Lucene's source):
///
/// | format | Lucene | Elasticsearch | how it is known |
/// | --- | --- | --- | --- |
/// | 7, 8 | 7.0, 7.2 | before 7.6, not in `_state` | read |
/// | 9 | 7.4 to 8.5 | 7.6 | read, and run on files of Lucene 8 |
/// | 10 | 8.6 to 10 | 7.9 to 9, OpenSearch | read, and run on files of Lucene 8 and 9 |
/// | 11 | "10.6" | none yet | read in Lucene's development branch; not run |
/// | above | | | header and checksum are checked, and no more is known |
package struct LuceneCommit: Equatable, Sendable {
  package let format: Int
  /// The number in the header, which is that of the name.
  package let generation: Int
  /// What the index's owner keeps in the commit, such as `node_id`; nil in a format that is newer than
  /// this program.
  package let userData: [String: String]?
  /// The path of the file, empty if the bytes came from elsewhere.
  package var file = ""

  package init(format: Int, generation: Int, userData: [String: String]?, file: String = "") {
    self.format = format
    self.generation = generation
    self.userData = userData
    self.file = file
  }

  /// The formats that are read to the end.
  static let formats = 7...11

  /// A commit has some hundred bytes for each segment; a node's own index has a few segments.
  static let greatestSize = 16 << 20

  /// Reads the bytes of a `segments_N`.
  ///
  /// - Throws: ``NodeStateError`` for damage, and for a format before Lucene 7, which no node has used
  ///   for its state.
  package static func decode(_ bytes: [UInt8]) throws(NodeStateError) -> LuceneCommit {
    guard bytes.count <= greatestSize else { throw .tooLarge }
    let file = try CodecFile(bytes)
    guard file.name == "segments" else { throw .foreign }
    let format = Int(file.version)
    guard format >= formats.lowerBound else { throw .oldCommit(format: format) }
    var reader = file.body
    // The index's id, and the generation as in the file's name.
    try reader.skip(16)
    let suffix = try reader.take(Int(reader.byte()))
    guard let generation = generation(ofSuffix: String(decoding: suffix, as: UTF8.self)) else {
      throw .body(problem: "its generation is not a number")
    }
    let isKnown = formats.contains(format)
    let userData = isKnown ? try Self.userData(&reader, format: format) : nil
    return LuceneCommit(format: format, generation: generation, userData: userData)
  }

  /// The number in `segments_1a`, which is 46; nil for any other name, `pending_segments_1a` among
  /// them, which is not committed.
  static func generation(ofFile name: String) -> Int? {
    guard name.hasPrefix("segments_") else { return nil }
    return generation(ofSuffix: name.dropFirst("segments_".count))
  }

  /// Lucene writes generations to the base 36. Twelve digits are more than it ever reaches.
  private static func generation(ofSuffix text: some StringProtocol) -> Int? {
    guard (1...12).contains(text.utf8.count), let number = Int(text, radix: 36), number >= 0,
      String(number, radix: 36) == text
    else { return nil }
    return number
  }
}

/// The way to the user data, past everything that Lucene needs to know about its segments.
extension LuceneCommit {
  private static func userData(
    _ reader: inout ByteReader, format: Int
  ) throws(NodeStateError) -> [String: String] {
    try skipVersion(&reader)
    // The major version that created the index, and how often it was changed.
    _ = try reader.variable(.vInt)
    try reader.skip(8)
    if format >= 8 { _ = try reader.variable(.vLong) } else { try reader.skip(4) }
    let segments = try reader.count()
    if segments > 0 { try skipVersion(&reader) }
    for _ in 0..<segments { try skipSegment(&reader, format: format) }
    let userData = try map(&reader)
    guard reader.isAtEnd else { throw .body(problem: "something follows the user data") }
    return userData
  }

  /// Three numbers.
  private static func skipVersion(_ reader: inout ByteReader) throws(NodeStateError) {
    for _ in 0..<3 { _ = try reader.variable(.vInt) }
  }

  private static func skipSegment(
    _ reader: inout ByteReader, format: Int
  ) throws(NodeStateError) {
    // Name, id, codec.
    try reader.skipText()
    try reader.skip(16)
    try reader.skipText()
    // Generation and number of deletions, generations of field infos and doc values.
    try reader.skip(8 + 4 + 8 + 8)
    if format >= 9 { try reader.skip(4) }
    if format >= 10 { try skipCommitID(&reader) }
    try skipTexts(&reader)
    for _ in 0..<(try reader.count()) {
      try reader.skip(4)
      try skipTexts(&reader)
    }
    guard format >= 11 else { return }
    for _ in 0..<(try reader.count()) {
      try reader.skip(4 + 8)
      try reader.skip(8 * reader.count())
    }
  }

  private static func skipCommitID(_ reader: inout ByteReader) throws(NodeStateError) {
    switch try reader.byte() {
    case 0: return
    case 1: try reader.skip(16)
    default: throw .body(problem: "a segment has neither an id nor none")
    }
  }

  private static func skipTexts(_ reader: inout ByteReader) throws(NodeStateError) {
    for _ in 0..<(try reader.variable(.vInt)) { try reader.skipText() }
  }

  private static func map(_ reader: inout ByteReader) throws(NodeStateError) -> [String: String] {
    var entries: [String: String] = [:]
    for _ in 0..<(try reader.variable(.vInt)) {
      let key = try reader.text()
      guard entries.updateValue(try reader.text(), forKey: key) == nil else {
        throw .body(problem: "a key is given twice")
      }
    }
    return entries
  }
}
