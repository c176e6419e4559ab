import Foundation
import Lab
import Testing

/// What a run of `esvault provision --format json` answered.
struct Provisioning {
  struct Document: Decodable {
    var changed: Bool
    var steps: [Step]
    var volumes: [Volume]
    var refusal: Problem?
  }
  struct Step: Decodable {
    var id: String
    var subject: String
    var state: String
    var error: Problem?
  }
  struct Volume: Decodable {
    var serial: String?
    var nodeID: String?
    var heapBytes: Int?
  }
  struct Problem: Decodable {
    var description: String
    var advice: String
  }

  let output: Output
  /// nil: it printed no such document.
  let document: Document?

  init(_ output: Output) {
    self.output = output
    document = try? JSONDecoder().decode(Document.self, from: Data(output.stdout.utf8))
  }

  var steps: [String] { document?.steps.map(\.id) ?? [] }
  var nodeID: String? { document?.volumes.first?.nodeID }
  /// The step that failed, and why.
  var failed: Step? { document?.steps.first { $0.state == "failed" } }

  /// Everything was done.
  func expectDone(sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(output.status == 0, "\(output.stderr)", sourceLocation: sourceLocation)
    #expect(
      document?.steps.allSatisfy { $0.state == "done" } == true, sourceLocation: sourceLocation)
  }

  /// It refused, with status 2, for this reason.
  func expectRefusal(_ reason: String, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(output.status == 2, "\(output.stderr)", sourceLocation: sourceLocation)
    let said = document?.refusal?.description ?? output.stderr
    #expect(said.contains(reason), "\(said)", sourceLocation: sourceLocation)
    #expect(document?.refusal?.advice.isEmpty == false, sourceLocation: sourceLocation)
    #expect(document?.changed == false, sourceLocation: sourceLocation)
  }
}
