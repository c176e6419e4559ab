import Foundation
import Testing

@testable import Elasticsearch

@Suite struct NodeStateFileTests {
  private let id = "_cRiw287SRyE7ChkYnWIww"

  /// Runs with a fresh folder that is gone afterwards.
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "esvault-state-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func write(_ bytes: [UInt8], _ path: String) throws {
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  @Test func theHighestNumberCountsAndNotTheLastName() throws {
    try withFolder { (folder) throws -> Void in
      let state = folder + "/nodes/0/_state"
      try write([1, 2, 3], state + "/node-9.st")
      try write(NodeStateVectors.realSevenZero, state + "/node-10.st")
      try write([], state + "/node-11.st.tmp")
      try write([], state + "/global-12.st")
      let found = try #require(try NodeState.find(inDataPath: folder))
      #expect(found.nodeID == id && found.generation == 10)
      #expect(found.file == state + "/node-10.st")
      #expect(try NodeState.files(inDataPath: folder).map(\.generation) == [9, 10])
    }
  }

  @Test func newerVersionsKeepTheirStateAtTheTop() throws {
    try withFolder { (folder) throws -> Void in
      try write(Array("written by Elasticsearch".utf8), folder + "/nodes")
      try write(NodeStateVectors.madeEightSeventeen, folder + "/_state/node-0.st")
      let found = try #require(try NodeState.find(inDataPath: folder))
      #expect(found.nodeVersion == ElasticsearchVersion(8, 17, 0) && found.generation == 0)
    }
  }

  @Test func stateIsFoundFromFileFolderAndDataPath() throws {
    try withFolder { (folder) throws -> Void in
      let file = folder + "/_state/node-4.st"
      try write(NodeStateVectors.madeSevenSix, file)
      for path in [file, folder + "/_state", folder + "/_state/", folder] {
        #expect(try NodeState.find(at: path)?.generation == 4)
      }
    }
  }

  @Test func whereNoNodeWasThereIsNoState() throws {
    try withFolder { (folder) throws -> Void in
      #expect(try NodeState.find(inDataPath: folder) == nil)
      #expect(try NodeState.find(at: folder) == nil)
      #expect(try NodeState.files(inDataPath: folder).isEmpty)
      #expect(try NodeState.find(inDataPath: folder + "/missing") == nil)
      #expect(throws: NodeStateError.unreadable(path: folder + "/missing", errno: ENOENT)) {
        try NodeState.find(at: folder + "/missing")
      }
    }
  }

  @Test func aDamagedFileIsAnErrorAndNotNothing() throws {
    try withFolder { (folder) throws -> Void in
      let file = folder + "/_state/node-2.st"
      try write(NodeStateVectors.realSevenZero, folder + "/_state/node-1.st")
      try write(Array(NodeStateVectors.realSevenZero.dropLast(4)), file)
      #expect(throws: NodeStateError.damaged(path: file, .footer)) {
        try NodeState.find(inDataPath: folder)
      }
      try write([UInt8](repeating: 7, count: NodeState.greatestSize + 10), file)
      #expect(throws: NodeStateError.damaged(path: file, .tooLarge)) {
        try NodeState.find(at: file)
      }
    }
  }

  @Test func aFolderOrAPipeInPlaceOfTheFileIsAnError() throws {
    try withFolder { (folder) throws -> Void in
      let path = folder + "/_state/node-1.st"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      #expect(throws: NodeStateError.unreadable(path: path, errno: EISDIR)) {
        try NodeState.find(inDataPath: folder)
      }
      try FileManager.default.removeItem(atPath: path)
      #expect(mkfifo(path, 0o600) == 0)
      #expect(throws: NodeStateError.self) { try NodeState.find(inDataPath: folder) }
    }
  }

  /// The service's user can make one: of a device the opening alone may do something.
  @Test func aLinkIsNotFollowedButWhereAPersonGivesIt() throws {
    try withFolder { (folder) throws -> Void in
      try write(NodeStateVectors.realSevenZero, folder + "/other")
      let link = folder + "/_state/node-1.st"
      try write([], folder + "/_state/global-1.st")
      #expect(symlink(folder + "/other", link) == 0)
      #expect(throws: NodeStateError.unreadable(path: link, errno: ELOOP)) {
        try NodeState.find(inDataPath: folder)
      }
      #expect(try NodeState.find(at: link)?.nodeID == id)
    }
  }

  @Test func aDeviceIsNoFile() {
    #expect(throws: NodeStateError.unreadable(path: "/dev/zero", errno: ENOTSUP)) {
      try NodeState.find(at: "/dev/zero")
    }
  }

  /// The service's user can set any time that the filesystem has room for.
  @Test(arguments: [-2_147_483_648, 10_413_792_000]) func anyTimeIsTaken(_ seconds: Int) throws {
    try withFolder { (folder) throws -> Void in
      let file = folder + "/_state/node-1.st"
      try write(NodeStateVectors.realSevenZero, file)
      let time = timespec(tv_sec: seconds, tv_nsec: 999_999_999)
      #expect(utimensat(AT_FDCWD, file, [time, time], 0) == 0)
      #expect(try NodeState.files(inDataPath: folder).first?.modified.first == seconds)
    }
  }

  @Test func aLinkThatLeadsNowhereEndsInAnError() throws {
    try withFolder { (folder) throws -> Void in
      try write([], folder + "/_state/other")
      #expect(symlink("gone", folder + "/_state/node-1.st") == 0)
      #expect(throws: NodeStateError.self) { try NodeState.find(inDataPath: folder) }
    }
  }

  @Test func aRewrittenFileIsToldFromTheOldOne() throws {
    try withFolder { (folder) throws -> Void in
      try write(NodeStateVectors.realSevenZero, folder + "/_state/node-1.st")
      let before = Set(try NodeState.files(inDataPath: folder))
      try write(NodeStateVectors.realSevenZero, folder + "/_state/node-2.st")
      let new = try NodeState.files(inDataPath: folder).filter { !before.contains($0) }
      #expect(new.map(\.generation) == [2])
      #expect(try NodeState.find(at: new[0].path)?.nodeID == id)
    }
  }

  @Test(arguments: [
    ("node-0.st", 0), ("node-17.st", 17), ("node-.st", nil), ("node--1.st", nil),
    ("node-1.st.tmp", nil),
    ("node-a.st", nil), ("node.lock", nil), ("Node-1.st", nil), ("node-+1.st", nil),
    ("node-1 .st", nil),
    ("node-99999999999999999999.st", nil),
  ])
  func onlyNamesOfStateFilesHaveANumber(_ name: String, _ generation: Int?) {
    #expect(NodeStateFile.number(of: name)?.1 == generation)
  }
}
