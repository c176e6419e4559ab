import BlockDevices

/// What blocks read all over an image look like to somebody who has no key.
///
/// Each is one of three: *empty* says nothing, *random* may be encrypted, *plaintext* is not. What is
/// well compressed, or encrypted by somebody else, looks random too: ``BlockAppearance`` says what the
/// test can tell.
package struct BlockSample: Equatable, Sendable {
  /// How sure a share must be that is told; so one in a thousand is wrong.
  package static let confidence = 0.999
  /// How many blocks are read of each image: with none of them in plaintext, less than 0.7 % of the
  /// image is (``Proportion``).
  package static let defaultBlocks = 1000

  /// Which bytes of the image the blocks stand for.
  package var areas: [Range<UInt64>]
  /// Whether every block of the areas was read.
  package var isWhole: Bool
  package private(set) var empty = 0
  package private(set) var random = 0
  /// The blocks in plaintext: how many, by what they look like; "other data" where that is not known.
  package private(set) var plaintext: [String: Int] = [:]
  /// Where the first block in plaintext begins, in bytes of the image.
  package private(set) var firstPlaintext: UInt64?
  /// Of the random blocks together; see ``BlockAppearance/deviation(of:)``.
  private var deviation = 0

  package init(areas: [Range<UInt64>], isWhole: Bool) {
    self.areas = areas
    self.isWhole = isWhole
  }

  /// - Parameter trace: what gives the block away, whatever the rest of it looks like.
  package mutating func add(_ block: BlockAppearance, trace: String?, at offset: UInt64) {
    switch (block, trace) {
    case (.empty, _): empty += 1
    case (.random(let deviation), nil):
      random += 1
      self.deviation += deviation
    case (.random, let trace), (.structured, let trace):
      plaintext[trace ?? "other data", default: 0] += 1
      firstPlaintext = firstPlaintext ?? offset
    }
  }

  /// How many bytes of the image the blocks stand for.
  package var bytes: UInt64 { areas.reduce(0) { $0 + UInt64($1.count) } }
  package var plaintextCount: Int { plaintext.values.reduce(0, +) }
  package var count: Int { empty + random + plaintextCount }

  /// Whether the random blocks look so together, too; compressed data does not.
  package var isRandomTogether: Bool {
    BlockAppearance.looksRandom(deviation: deviation, blocks: random)
  }

  /// The share of the areas in plaintext: between which bounds it is, from 0 to 1.
  package var plaintextShare: ClosedRange<Double> {
    let found = Double(plaintextCount) / Double(max(count, 1))
    guard !isWhole, count > 0 else { return found...found }
    return Proportion(plaintextCount, of: count).interval(confidence: Self.confidence)
  }

  /// "1000 blocks of 4 KiB all over 'a.img': 700 random, 300 empty, 0 in plaintext".
  package func summary(of image: String) -> String {
    let which = isWhole ? "all \(count) blocks of 4 KiB of" : "\(count) blocks of 4 KiB all over"
    return "\(which) '\(image)': \(random) random, \(empty) empty, \(plaintextCount) in plaintext"
  }

  /// "230 ext4 directory, 7 Lucene file", the most frequent first; empty where there is no plaintext.
  package var plaintextKinds: String {
    plaintext.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
  }
}
