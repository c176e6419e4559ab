import Foundation
import Testing

@testable import Elasticsearch

/// A node that says who it is in two kinds of files.
@Suite struct NodeStateSearchTests {
  private let id = "_cRiw287SRyE7ChkYnWIww"
  private let other = "AAAAAAAAAAAAAAAAAAAAAA"
  private let folder = Folder()

  @Test func aCommitAloneIsProofEnough() throws {
    let path = try folder.write(CommitWriter().bytes, "_state/segments_1a")
    _ = try folder.write(CommitWriter(generation: 9).bytes, "_state/segments_9")
    _ = try folder.write([1, 2], "_state/pending_segments_1b")
    let state = try #require(try NodeState.find(inDataPath: folder.path))
    #expect(state.nodeID == id && state.file == path && state.generation == 46)
    #expect(state.nodeVersion == ElasticsearchVersion(8, 17, 0) && state.commit?.format == 10)
    #expect(try NodeState.find(at: path)?.nodeID == id)
    #expect(try NodeState.files(inDataPath: folder.path).map(\.kind) == [.commit, .commit])
  }

  @Test func bothSayMoreThanOne() throws {
    let file = try folder.write(NodeStateVectors.madeEightSeventeen, "_state/node-3.st")
    let commit = try folder.write(
      CommitWriter(userData: [("node_id", id), ("cluster_uuid", "u")]).bytes, "_state/segments_1a")
    for path in [folder.path, folder.path + "/_state"] {
      let state = try #require(try NodeState.find(at: path))
      #expect(state.file == file && state.generation == 3 && state.oldestIndexVersion == 8_521_000)
      #expect(state.commit?.file == commit && state.clusterUUID == "u")
    }
  }

  @Test func twoNodesInOneFolderAreAnErrorThatNamesBothFiles() throws {
    let file = try folder.write(NodeStateVectors.madeEightSeventeen, "_state/node-3.st")
    let commit = try folder.write(
      CommitWriter(userData: [("node_id", other)]).bytes, "_state/segments_1a")
    let error = try #require(throws: NodeStateError.self) {
      try NodeState.find(inDataPath: folder.path)
    }
    #expect(
      error
        == .disagreement(path: file, nodeID: id, commit: commit, commitNodeID: other))
    #expect(
      error.description
        == "could not tell which node it is: '\(file)' says '\(id)', and '\(commit)' '\(other)'")
  }

  @Test func aNewerCommitDoesNotHideTheNodeState() throws {
    let commit = try folder.write(CommitWriter(format: 12).bytes, "_state/segments_1a")
    #expect(throws: NodeStateError.damaged(path: commit, .newCommit(format: 12))) {
      try NodeState.find(inDataPath: folder.path)
    }
    _ = try folder.write(NodeStateVectors.madeEightSeventeen, "_state/node-3.st")
    let state = try #require(try NodeState.find(inDataPath: folder.path))
    #expect(state.nodeID == id && state.commit?.format == 12 && state.commit?.userData == nil)
  }

  @Test func aDamagedFileIsNotMadeGoodByTheOtherKind() throws {
    let commit = try folder.write(Array(CommitWriter().bytes.dropLast()), "_state/segments_1a")
    _ = try folder.write(NodeStateVectors.madeEightSeventeen, "_state/node-3.st")
    #expect(throws: NodeStateError.damaged(path: commit, .footer)) {
      try NodeState.find(inDataPath: folder.path)
    }
    _ = try folder.write(CommitWriter().bytes, "_state/segments_1a")
    let file = try folder.write([0, 1], "_state/node-4.st")
    #expect(throws: NodeStateError.damaged(path: file, .truncated)) {
      try NodeState.find(inDataPath: folder.path)
    }
  }

  @Test func aCommitWithAnothersNameIsDamage() throws {
    let path = try folder.write(CommitWriter().bytes, "_state/segments_1b")
    #expect(throws: NodeStateError.damaged(path: path, .misnamed(generation: 46))) {
      try NodeState.find(inDataPath: folder.path)
    }
    // A copy has a name of somebody's choice.
    #expect(try NodeState.find(at: folder.write(CommitWriter().bytes, "copy"))?.nodeID == id)
  }

  @Test func theIndexOfDocumentsIsNoNode() throws {
    let path = try folder.write(CommitWriter(userData: []).bytes, "segments_1a")
    #expect(try NodeState.find(at: folder.path) == nil)
    #expect(throws: NodeStateError.damaged(path: path, .noNodeID)) { try NodeState.find(at: path) }
  }

  @Test func openSearchIsReadByItsOwnNumbers() throws {
    let data = [("node_id", id), ("node_version", "\(0x0800_0000 ^ 2_110_099)")]
    _ = try folder.write(CommitWriter(userData: data).bytes, "nodes/0/_state/segments_1a")
    let version = try NodeState.find(inDataPath: folder.path)?.nodeVersion
    #expect(version == ElasticsearchVersion(2, 11, 0, of: .openSearch))
    #expect(version?.title == "OpenSearch 2.11.0")
  }

  @Test(arguments: [
    (
      "written by Elasticsearch 8.17.0 to prevent a downgrade to a version prior to v8.0.0",
      "8.17.0"
    ),
    ("written by Elasticsearch v8.0.0 to prevent", "8.0.0"),
    ("written by Elasticsearch 8.1.0\n", "8.1.0"),
    ("written by somebody", nil), ("", nil), ("written by Elasticsearch ", nil),
  ])
  func theMarkerTellsWhoWroteFirst(_ text: String, _ version: String?) throws {
    _ = try folder.write(NodeStateVectors.madeEightSeventeen, "_state/node-3.st")
    _ = try folder.write(Array(text.utf8), "nodes")
    let state = try NodeState.find(inDataPath: folder.path)
    #expect(state?.marker?.description == version)
    #expect(state?.newestWriter == ElasticsearchVersion(8, 17, 0))
  }

  @Test func anInterruptedUpgradeIsSeenInEveryStage() throws {
    _ = try folder.write(NodeStateVectors.madeEightSeventeen, "nodes/0/_state/node-3.st")
    func state() throws -> NodeState { try #require(try NodeState.find(inDataPath: folder.path)) }
    #expect(try !state().isHalfUpgraded)
    _ = try folder.write([], "indices/x/y")
    #expect(try state().isHalfUpgraded)
    let file = try folder.write(NodeStateVectors.madeEightSeventeen, "_state/node-3.st")
    #expect(try state().isHalfUpgraded && state().file == file)
    try FileManager.default.removeItem(atPath: folder.path + "/nodes/0/_state")
    #expect(try state().isHalfUpgraded)
    try FileManager.default.removeItem(atPath: folder.path + "/nodes")
    #expect(try !state().isHalfUpgraded)
  }

  @Test func twoNodesInTwoLayoutsAreAnError() throws {
    let old = try folder.write(NodeStateVectors.madeEightSeventeen, "nodes/0/_state/node-3.st")
    let data = CommitWriter(userData: [("node_id", other)]).bytes
    let new = try folder.write(data, "_state/segments_1a")
    #expect(
      throws: NodeStateError.disagreement(
        path: new, nodeID: other, commit: old, commitNodeID: id)
    ) { try NodeState.find(inDataPath: folder.path) }
  }

  @Test func anEndlessFileIsNotReadToItsEnd() throws {
    let path = try folder.write([], "node-1.st")
    #expect(truncate(path, 1 << 40) == 0)
    #expect(throws: NodeStateError.damaged(path: path, .tooLarge)) {
      try NodeState.find(at: folder.path)
    }
  }
}

/// A fresh folder that is gone with the test.
final class Folder: Sendable {
  let path = NSTemporaryDirectory() + "esvault-" + UUID().uuidString

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and the folders above it.
  func write(_ bytes: [UInt8], _ name: String) throws -> String {
    let file = path + "/" + name
    try FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }
}
