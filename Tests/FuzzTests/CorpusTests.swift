import Foundation
import Fuzz
import Testing

/// Every input of the corpus: seeds, and what the fuzzer has found.
@Suite struct CorpusTests {
  private static let corpus = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fuzz/corpus")

  private func inputs(_ target: FuzzTarget) throws -> [URL] {
    let folder = Self.corpus.appending(path: target.rawValue)
    return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
  }

  @Test(arguments: FuzzTarget.allCases)
  func everyPropertyHoldsForTheCorpus(_ target: FuzzTarget) throws {
    let inputs = try inputs(target)
    #expect(inputs.count > 10)
    for file in inputs {
      let input = Array(try Data(contentsOf: file))
      #expect(throws: Never.self, "\(file.path)") { try target.run(input) }
    }
  }
}
