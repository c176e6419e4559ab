import Foundation
import Testing

@testable import Elasticsearch

/// Commits that Lucene itself wrote; `Lucene/README.md` says which.
@Suite struct RealCommitTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path

  struct Line: CustomTestStringConvertible, Sendable {
    let file: String
    let format: Int
    let generation: Int
    let userData: [String: String]

    var testDescription: String { file }
    var bytes: [UInt8] {
      get throws { try Array(Data(contentsOf: URL(fileURLWithPath: "\(folder)/Lucene/\(file)"))) }
    }

    init(_ text: Substring) {
      let fields = text.split(separator: "\t").map(String.init)
      file = fields[0]
      format = Int(fields[2])!
      generation = Int(fields[3])!
      let pairs = fields[5].dropFirst().dropLast().split(separator: ", ").map {
        $0.split(separator: "=", maxSplits: 1).map(String.init)
      }
      userData = Dictionary(uniqueKeysWithValues: pairs.map { ($0[0], $0[1]) })
    }
  }

  static let lines: [Line] = {
    let text = try! String(contentsOfFile: folder + "/Lucene/commits.tsv", encoding: .utf8)
    return text.split(separator: "\n").dropFirst().map(Line.init)
  }()
  static let readable = lines.filter { $0.format >= 7 }

  @Test func thereAreFilesOfEveryKind() {
    #expect(Self.readable.count >= 15 && Self.lines.count > Self.readable.count)
    #expect(Set(Self.readable.map(\.format)) == [9, 10])
  }

  @Test(arguments: readable)
  func whatLuceneReadsIsRead(_ line: Line) throws {
    let commit = try LuceneCommit.decode(line.bytes)
    #expect(commit.format == line.format && commit.generation == line.generation)
    #expect(commit.userData == line.userData)
    #expect(NodeState(commit)?.nodeID == line.userData["node_id"])
  }

  @Test(arguments: lines.filter { $0.format < 7 })
  func whatIsTooOldIsNamed(_ line: Line) throws {
    let bytes = try line.bytes
    #expect(throws: NodeStateError.oldCommit(format: line.format)) {
      try LuceneCommit.decode(bytes)
    }
  }

  @Test(arguments: readable)
  func everyDamageIsNoticed(_ line: Line) throws {
    let bytes = try line.bytes
    for place in bytes.indices {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[place] ^= 1 << bit
        #expect(throws: NodeStateError.self) { try LuceneCommit.decode(damaged) }
      }
      #expect(throws: NodeStateError.self) { try LuceneCommit.decode(Array(bytes[..<place])) }
    }
  }

  @Test func theFolderOfARealNodeIsRead() throws {
    let data = Self.folder + "/NodeState/7.0.0"
    let state = try #require(try NodeState.find(inDataPath: data))
    #expect(state.generation == 2 && state.commit == nil && state.nodeVersion == nil)
    let documents = try NodeStateFile.all(inFolder: data + "/nodes/0/_state").map(\.kind)
    #expect(documents == [.state])
  }
}
