import Elasticsearch

/// What holds for every `node-N.st`.
///
/// Almost no input of a fuzzer has a right checksum, so each one is read three times: as it is, with a
/// right footer behind it, and as the body of a file that is otherwise in order.
enum NodeStateProperties {
  static func check(_ input: [UInt8]) throws(BrokenProperty) {
    try check(file: input)
    try check(file: LuceneFrame.sealed(input))
    for version: UInt8 in [1, 2] {
      let type: [UInt8] = version == 1 ? [0, 0, 0, 1] : [1, 0, 0, 0]
      let head = LuceneFrame.header("state", version: version) + type + Array(":)\n\u{5}".utf8)
      try check(file: LuceneFrame.sealed(head + input))
    }
  }

  private static func check(file: [UInt8]) throws(BrokenProperty) {
    guard let state = state(file) else { return }
    try demand(LuceneFrame.isSealed(file), "what is read has a right checksum")
    try demand(file.contains(state.nodeID.utf8), "the node id is in the file")
    try demand(state.nodeID.utf8.count == 22, "a node id has 22 characters")
    if let version = state.nodeVersion {
      try demand(!version.description.isEmpty, "a version has a text")
    }
    for damaged in LuceneFrame.damages(of: file) {
      try demand(Self.state(damaged) == nil, "no damaged file is read")
    }
  }

  private static func state(_ file: [UInt8]) -> NodeState? {
    do {
      return try NodeState.decode(file)
    } catch {
      // A description is made of what is in the file.
      _ = error.description
      return nil
    }
  }
}

extension [UInt8] {
  func contains(_ part: String.UTF8View) -> Bool {
    let part = Array(part)
    guard count >= part.count else { return false }
    return (0...(count - part.count)).contains { self[$0...].starts(with: part) }
  }
}
