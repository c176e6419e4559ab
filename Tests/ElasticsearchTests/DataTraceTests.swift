import Foundation
import Testing

@testable import Elasticsearch

@Suite struct DataTraceTests {
  private func block(_ bytes: some Sequence<UInt8>, at start: Int = 0) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: start) + bytes
    block = Array(block.prefix(4096))
    return block + [UInt8](repeating: 0, count: 4096 - block.count)
  }

  private func found(_ block: [UInt8]) -> DataTrace? {
    block.withUnsafeBytes { DataTrace.found(in: $0) }
  }

  private func suggested(_ block: [UInt8]) -> DataTrace? {
    block.withUnsafeBytes { DataTrace.suggested(by: $0) }
  }

  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path

  private func file(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: "\(Self.folder)/\(path)")))
  }

  @Test(arguments: [
    ("NodeState/7.0.0/nodes/0/_state/node-2.st", DataTrace.state),
    ("Lucene/4.10.4/one-segment/segments_1", .lucene),
    ("Lucene/9.5.0/several-segments/segments_4", .lucene),
  ])
  func realFilesAreRecognised(_ path: String, _ trace: DataTrace) throws {
    let bytes = try file(path)
    #expect(found(block(bytes)) == trace)
    // In a compound file, and by the footer alone.
    #expect(found(block(bytes, at: 1000)) == trace)
    #expect(found(block(bytes.dropFirst(4))) == .lucene)
  }

  private let translog: [UInt8] =
    [0x3F, 0xD7, 0x6C, 0x17, 8] + Array("translog".utf8) + [0, 0, 0, 3]

  @Test func aTranslogIsRecognised() {
    #expect(found(block(translog)) == .translog)
    #expect(found(block(translog, at: 4096 - translog.count)) == .translog)
  }

  @Test func whatIsCutOffOrAnotherIsNot() {
    #expect(found(block(translog, at: 4097 - translog.count)) == nil)
    for (place, byte) in [(3, 0x18), (4, 3), (4, 200), (6, 0x20), (13, 1)] as [(Int, UInt8)] {
      var other = translog
      other[place] = byte
      #expect(found(block(other)) == nil, "\(place)")
    }
    #expect(found(block([0xC0, 0x28, 0x93, 0xE8, 0, 0, 0, 1])) == nil)
  }

  @Test func smileAndTextAreSuggested() {
    #expect(suggested(block([1, 2, 0x3A, 0x29, 0x0A, 5, 0xFA])) == .smile)
    #expect(suggested(block([1, 2, 0x3A, 0x29, 0x0A, 0x15, 0xFA])) == nil)
    #expect(suggested(block(Array("{\"a\":\t1}\n".utf8))) == .text)
    #expect(suggested(block(Array("text\u{1}".utf8))) == nil)
    #expect(suggested(block([])) == nil)
  }

  @Test func noiseShowsNoTrace() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<500 {
      #expect(found((0..<4096).map { _ in UInt8.random(in: 0...255, using: &generator) }) == nil)
    }
  }
}
