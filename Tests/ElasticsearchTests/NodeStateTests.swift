import Testing

@testable import Elasticsearch

@Suite struct NodeStateTests {
  private let id = "_cRiw287SRyE7ChkYnWIww"
  /// `node_id` and its 22 characters, without the object around it.
  private var idField: [UInt8] { [0x86] + Array("node_id".utf8) + [0x55] + Array(id.utf8) }

  @Test func stateOfEveryVersionIsRead() throws {
    let oldest = try NodeState.decode(NodeStateVectors.realSevenZero)
    #expect(oldest.nodeID == id && oldest.nodeVersion == nil && oldest.oldestIndexVersion == nil)
    let middle = try NodeState.decode(NodeStateVectors.madeSevenSix)
    #expect(middle.nodeID == id && middle.nodeVersion == ElasticsearchVersion(7, 6, 2))
    let newest = try NodeState.decode(NodeStateVectors.madeEightSeventeen)
    #expect(newest.nodeID == id && newest.nodeVersion == ElasticsearchVersion(8, 17, 0))
    #expect(newest.oldestIndexVersion == 8_521_000)
  }

  @Test func theVectorsAreAsLongAsDocumented() {
    #expect(NodeStateVectors.all.map(\.count) == [71, 89, 115])
  }

  @Test func everyFlippedBitIsNoticed() {
    for vector in NodeStateVectors.all {
      for position in vector.indices {
        for bit in 0..<8 {
          var damaged = vector
          damaged[position] ^= 1 << bit
          #expect(throws: NodeStateError.self) { try NodeState.decode(damaged) }
        }
      }
    }
  }

  @Test func everyTruncationAndEveryExtraByteIsNoticed() {
    for vector in NodeStateVectors.all {
      for length in 0..<vector.count {
        #expect(throws: NodeStateError.self) { try NodeState.decode(Array(vector[..<length])) }
      }
      #expect(throws: NodeStateError.self) { try NodeState.decode(vector + [0]) }
      for place in vector.indices {
        var doubled = vector
        doubled.insert(vector[place], at: place)
        #expect(throws: NodeStateError.self) { try NodeState.decode(doubled) }
      }
    }
  }

  @Test func eachDamageHasItsOwnError() {
    func error(_ bytes: [UInt8]) -> NodeStateError? {
      do throws(NodeStateError) {
        _ = try NodeState.decode(bytes)
        return nil
      } catch { return error }
    }
    let vector = NodeStateVectors.realSevenZero
    #expect(error([]) == .truncated)
    #expect(error(Array(repeating: 0, count: 100)) == .foreign)
    #expect(error(Array(vector.prefix(20))) == .truncated)
    #expect(error(Array(vector.dropLast())) == .footer)
    #expect(error([UInt8](repeating: 0, count: NodeState.greatestSize + 1)) == .tooLarge)
    var altered = vector
    altered[40] ^= 1
    guard case .checksum(stored: 0x6E57_A651, computed: _) = error(altered) else {
      Issue.record("\(String(describing: error(altered)))")
      return
    }
    #expect(error(NodeStateVectors.framed([0xFA, 0xFB], version: 3)) == .unknownVersion(3))
    #expect(error(NodeStateVectors.framed([0xFA, 0xFB], version: 0)) == .unknownVersion(0))
    #expect(error(NodeStateVectors.framed([0xFA, 0xFB])) == .noNodeID)
    let core = Array(vector.dropLast(16))
    #expect(error(NodeStateVectors.sealed([0, 0, 0, 0] + core.dropFirst(4))) == .foreign)
    #expect(
      error(NodeStateVectors.sealed(core.prefix(14) + [0, 0, 0, 0] + core.dropFirst(18)))
        == .unknownContentType)
    #expect(error(NodeStateVectors.sealed(core.prefix(18) + Array("{}".utf8))) == .truncated)
    #expect(
      error(NodeStateVectors.sealed(core.prefix(18) + Array("{\"a\":1}".utf8)))
        == .body(problem: "it is not SMILE"))
  }

  @Test func keysThatAreNotKnownArePassedOver() throws {
    let others: [UInt8] =
      [0x80, 0x78, 0x21, 0x81, 0x79, 0x79, 0xC3] + [0x80, 0x7A, 0x20]
      + [0x82, 0x61, 0x62, 0x63, 0x25, 0x7F, 0xBF]
    let state = try NodeState.decode(NodeStateVectors.framed([0xFA] + others + idField + [0xFB]))
    #expect(state.nodeID == id)
  }

  @Test func bodiesOutOfOrderAreRefusedAndNeverReadPastTheEnd() {
    let bodies: [[UInt8]] = [
      [], [0xFA], [0xFB], [0xFA, 0x86], [0xFA] + idField, [0xFA] + idField + [0xFB, 0xFB],
      [0xFA] + idField + idField + [0xFB], [0xFA, 0xBF, 0x61], [0xFA, 0x80, 0x61, 0x5F, 0x61],
      [0xFA, 0x80, 0x61, 0x24] + Array(repeating: 0x7F, count: 5) + [0xBF, 0xFB],
      [0xFA, 0x80, 0x61, 0x25] + Array(repeating: 0x7F, count: 10) + [0xBF, 0xFB],
      [0xFA, 0x80, 0x61, 0xE0], [0xFA, 0x80, 0x61, 0xFA, 0xFB, 0xFB],
      [0xFA, 0x80, 0xFF, 0x21, 0xFB],
      [0xFA, 0x86] + Array("node_id".utf8) + [0x54] + Array(id.utf8.dropLast()) + [0xFB],
      [0xFA, 0x86] + Array("node_id".utf8) + [0x55] + Array("/cRiw287SRyE7ChkYnWIww".utf8) + [0xFB],
      [0xFA, 0x86] + Array("node_id".utf8) + [0xC1, 0xFB],
    ]
    for body in bodies {
      #expect(throws: NodeStateError.self, "\(body)") {
        try NodeState.decode(NodeStateVectors.framed(body))
      }
    }
  }

  @Test func aMebibyteOfNoiseIsRefused() {
    var random: UInt64 = 42
    let noise = (0..<(1 << 20)).map { _ in
      random = random &* 6_364_136_223_846_793_005 &+ 1
      return UInt8(truncatingIfNeeded: random >> 33)
    }
    #expect(throws: NodeStateError.foreign) { try NodeState.decode(noise) }
    let sealed = Array(NodeStateVectors.framed([0xFA] + noise.prefix(1_000_000)))
    #expect(throws: NodeStateError.self) { try NodeState.decode(sealed) }
    for seed in 0..<2000 {
      let body = Array(noise[(seed * 50)..<(seed * 50 + seed % 50)])
      #expect(throws: NodeStateError.self) {
        try NodeState.decode(NodeStateVectors.framed([0xFA] + body))
      }
    }
  }

  @Test func theChecksumIsThatOfZlib() {
    #expect(CRC32.checksum(Array("123456789".utf8)) == 0xCBF4_3926)
    #expect(CRC32.checksum([UInt8]()) == 0)
  }

  @Test func errorsReadAsSentences() {
    #expect(
      NodeStateError.foreign.description
        == "could not read node state: it is not a state file of Elasticsearch")
    #expect(
      NodeStateError.damaged(path: "/d/node-1.st", .truncated).description
        == "could not read node state '/d/node-1.st': it is cut off")
    #expect(
      NodeStateError.unreadable(path: "/d", errno: 13).description
        == "could not read '/d': Permission denied")
  }
}
