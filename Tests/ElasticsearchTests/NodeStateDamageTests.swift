import Testing

@testable import Elasticsearch

@Suite struct NodeStateDamageTests {
  private static let state = "NodeState/7.0.0/nodes/0/_state/"

  @Test func theStateOfARealNodeIsRead() throws {
    let state = try NodeState.decode(RealFile(Self.state + "node-2.st").bytes)
    #expect(state.nodeID == "r71EAViUSrSpG5QvzlW-Kw")
    #expect(state.nodeVersion == nil && state.oldestIndexVersion == nil)
  }

  @Test func noDamagedStateIsRead() throws {
    let real = try RealFile(Self.state + "node-2.st").bytes
    for bytes in [real] + NodeStateVectors.all {
      var count = 0
      for damaged in Damages(bytes: bytes) {
        #expect(throws: NodeStateError.self) { try NodeState.decode(damaged) }
        count += 1
      }
      #expect(count == 4 * bytes.count + 4)
    }
  }

  @Test(arguments: ["global-4.st", "manifest-20.st"])
  func otherStateNamesNoNodeHoweverItIsDamaged(_ name: String) throws {
    let bytes = try RealFile(Self.state + name).bytes
    #expect(throws: NodeStateError.self) { try NodeState.decode(bytes) }
    for damaged in Damages(bytes: bytes) {
      #expect(throws: NodeStateError.self) { try NodeState.decode(damaged) }
    }
  }

  @Test(arguments: RealCommitTests.lines)
  func aCommitOfLuceneIsNoNodeState(_ line: RealCommitTests.Line) throws {
    let bytes = try line.bytes
    #expect(throws: NodeStateError.foreign) { try NodeState.decode(bytes) }
  }
}
