import Elasticsearch

/// What holds for every `segments_N`.
///
/// Like a node state each input is read as it is, with a right footer, and as the rest of a file behind
/// the header of each format.
enum LuceneCommitProperties {
  /// One too old, those that are read, and one that nobody knows yet.
  private static let formats: ClosedRange<UInt8> = 6...12

  static func check(_ input: [UInt8]) throws(BrokenProperty) {
    try check(file: input)
    try check(file: LuceneFrame.sealed(input))
    for format in formats {
      let head = LuceneFrame.header("segments", version: format)
      try check(file: LuceneFrame.sealed(head + input))
    }
  }

  private static func check(file: [UInt8]) throws(BrokenProperty) {
    guard let commit = commit(file) else { return }
    try demand(LuceneFrame.isSealed(file), "what is read has a right checksum")
    try demand(commit.format >= 7, "no format is read from before the node's state was in one")
    try demand(
      (commit.userData != nil) == (commit.format <= 11), "the user data of known formats is read")
    try demand(commit.generation >= 0, "a generation is a number")
    for (key, value) in commit.userData ?? [:] {
      try demand(file.contains(key.utf8) && file.contains(value.utf8), "user data is in the file")
    }
    for damaged in LuceneFrame.damages(of: file) {
      try demand(Self.commit(damaged) == nil, "no damaged file is read")
    }
  }

  private static func commit(_ file: [UInt8]) -> LuceneCommit? {
    do {
      return try LuceneCommit.decode(file)
    } catch {
      // A description is made of what is in the file.
      _ = error.description
      return nil
    }
  }
}
