import Testing

@testable import Elasticsearch

@Suite struct LuceneCommitTests {
  private let id = "_cRiw287SRyE7ChkYnWIww"

  private func problem(_ bytes: [UInt8]) -> NodeStateError? {
    do throws(NodeStateError) {
      _ = try LuceneCommit.decode(bytes)
      return nil
    } catch { return error }
  }

  @Test(arguments: [7, 8, 9, 10, 11], [0, 1, 5])
  func theUserDataOfEveryFormatIsReached(_ format: UInt32, _ segments: Int) throws {
    let writer = CommitWriter(format: format, segments: segments)
    let commit = try LuceneCommit.decode(writer.bytes)
    #expect(commit.format == Int(format) && commit.generation == 46)
    #expect(commit.userData == ["node_id": id, "node_version": "8170099"])
    let state = try #require(NodeState(commit))
    #expect(state.nodeID == id && state.nodeVersion == ElasticsearchVersion(8, 17, 0))
  }

  @Test func allThatANodeWritesIntoItsCommitIsTaken() throws {
    var writer = CommitWriter()
    writer.userData += [
      ("current_term", "7"), ("oldest_index_version", "7060299"),
      ("cluster_uuid_committed", "true"),
      ("cluster_uuid", "Yc1xSQs4TqSnqs8VYCyk3A"),
    ]
    let state = try #require(try NodeState(LuceneCommit.decode(writer.bytes)))
    #expect(state.oldestIndexVersion == 7_060_299)
    #expect(state.clusterUUID == "Yc1xSQs4TqSnqs8VYCyk3A")
    writer.userData[5].1 = "_na_"
    let alone = try NodeState(LuceneCommit.decode(writer.bytes))
    #expect(alone?.clusterUUID == nil && alone?.nodeID == id)
  }

  @Test func aNewerFormatIsSoundAndSaysNoMore() throws {
    for format: UInt32 in [12, 13, 200, .max] {
      let commit = try LuceneCommit.decode(CommitWriter(format: format).bytes)
      #expect(commit.userData == nil && commit.generation == 46 && commit.format == Int(format))
      #expect(NodeState(commit) == nil)
    }
    var damaged = CommitWriter(format: 12).bytes
    damaged[60] ^= 1
    #expect(throws: NodeStateError.self) { try LuceneCommit.decode(damaged) }
  }

  @Test func whatIsTooOldOrSomethingElseIsNamed() {
    for format: UInt32 in [0, 3, 6] {
      #expect(problem(CommitWriter(format: format).bytes) == .oldCommit(format: Int(format)))
    }
    #expect(problem(NodeStateVectors.realSevenZero) == .foreign)
    #expect(problem([]) == .truncated)
    #expect(problem(Array(repeating: 0, count: 100)) == .foreign)
    #expect(problem([UInt8](repeating: 0, count: LuceneCommit.greatestSize + 1)) == .tooLarge)
  }

  @Test func theCommitOfAnotherIndexNamesNobody() throws {
    for data in [[], [("node_id", "short")], [("history_uuid", id)]] {
      let commit = try LuceneCommit.decode(CommitWriter(userData: data).bytes)
      #expect(NodeState(commit) == nil)
    }
  }

  @Test func everyFlippedBitIsNoticed() {
    for format: UInt32 in [7, 9, 11] {
      let vector = CommitWriter(format: format).bytes
      for position in vector.indices {
        for bit in 0..<8 {
          var damaged = vector
          damaged[position] ^= 1 << bit
          #expect(throws: NodeStateError.self) { try LuceneCommit.decode(damaged) }
        }
      }
    }
  }

  @Test func everyTruncationAndEveryDuplicateIsNoticed() {
    let vector = CommitWriter().bytes
    for place in vector.indices {
      #expect(throws: NodeStateError.self) { try LuceneCommit.decode(Array(vector[..<place])) }
      var doubled = vector
      doubled.insert(vector[place], at: place)
      #expect(throws: NodeStateError.self) { try LuceneCommit.decode(doubled) }
    }
    #expect(throws: NodeStateError.self) { try LuceneCommit.decode(vector + vector) }
  }

  /// Damage below a checksum that was made to fit: what a malicious disk would hold.
  @Test func whateverIsBelowTheChecksumNothingTrapsAndNothingTakesLong() {
    for format: UInt32 in [7, 10, 11] {
      let core = Array(CommitWriter(format: format).bytes.dropLast(16))
      for place in 36..<core.count {
        for value: UInt8 in [0x00, 0x7F, 0x80, 0xFF] {
          var damaged = core
          damaged[place] = value
          let commit = try? LuceneCommit.decode(NodeStateVectors.sealed(damaged))
          // What is still accepted has a name of its own, or the same.
          #expect(commit == nil || commit?.format == Int(format))
        }
      }
      for length in 0..<core.count {
        #expect(throws: NodeStateError.self) {
          try LuceneCommit.decode(NodeStateVectors.sealed(Array(core[..<length])))
        }
      }
    }
  }

  @Test func countsThatPromiseMoreThanThereIsAreDamage() {
    let head = Array(CommitWriter(segments: 0).bytes.prefix(39))
    // Lucene's version, that of the index, how often it was changed, and a counter.
    let start: [UInt8] = head + [9, 0, 0, 9] + Array(repeating: 0, count: 8) + [0]
    let bodies: [[UInt8]] = [
      [0x7F, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF], [0x80, 0, 0, 0],
      [0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x07], [0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
      [0, 0, 0, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80],
      [0, 0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0x07],
      [0, 0, 0, 0, 1, 1, 0xFF, 0], [0, 0, 0, 0, 2, 1, 0x61, 0, 1, 0x61, 0],
    ]
    for body in bodies {
      guard case .body? = problem(NodeStateVectors.sealed(start + body)) else {
        #expect(problem(NodeStateVectors.sealed(start + body)) == .truncated, "\(body)")
        continue
      }
    }
    #expect(
      problem(CommitWriter(extra: [0]).bytes) == .body(problem: "something follows the user data"))
  }

  @Test(arguments: [
    ("segments_1", 1), ("segments_14", 40), ("segments_1a", 46),
    ("segments_zzzzzzzzzzzz", 4_738_381_338_321_616_895),
    ("segments", nil), ("segments_", nil), ("segments_01", nil), ("segments_1A", nil),
    ("segments_-1", nil),
    ("segments_+1", nil), ("segments_1 ", nil), ("pending_segments_1", nil), ("segments.gen", nil),
    ("segments_1111111111111", nil), ("segments_١", nil),
  ])
  func onlyNamesOfCommitsHaveAGeneration(_ name: String, _ generation: Int?) {
    #expect(LuceneCommit.generation(ofFile: name) == generation)
  }
}
