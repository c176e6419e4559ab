import Foundation
import Testing

/// A run of the real program, and what its JSON document says.
struct Esvault {
  let status: Int32
  let text: String
  let errors: String
  private let document: [String: Any]

  init(_ arguments: String..., input: [UInt8]? = nil) throws {
    try self.init(arguments, input: input)
  }

  init(_ arguments: [String], input: [UInt8]? = nil) throws {
    self.init(try run("/payload/esvault", arguments + ["--format", "json"], input: input))
  }

  init(_ output: Output) {
    (status, text, errors) = (output.status, output.text, output.errors)
    let json = try? JSONSerialization.jsonObject(with: Data(text.utf8))
    document = json as? [String: Any] ?? [:]
  }

  /// `provision DISK --generate-key --yes`, as the quick start says.
  static func provision(_ disk: NVMe, _ more: String...) throws -> Esvault {
    try Esvault(["provision", disk.path, "--generate-key", "--yes"] + more)
  }

  /// The same without a disk.
  static func provision(_ more: String...) throws -> Esvault {
    try Esvault(["provision", "--yes"] + more)
  }

  var changed: Bool? { document["changed"] as? Bool }

  var steps: [(id: String, state: String)] {
    (document["steps"] as? [[String: Any]] ?? []).map {
      ($0["id"] as? String ?? "?", $0["state"] as? String ?? "?")
    }
  }

  /// Of an audit: what is text of each finding.
  var findings: [[String: String]] {
    (document["findings"] as? [[String: Any]] ?? []).map { $0.compactMapValues { $0 as? String } }
  }

  var notes: [String] { document["notes"] as? [String] ?? [] }
  var stepIDs: [String] { steps.map(\.id) }

  /// The error of the step that failed.
  var failure: String? {
    (document["steps"] as? [[String: Any]] ?? [])
      .compactMap { ($0["error"] as? [String: Any])?["description"] as? String }.first
  }

  var refusal: (description: String, advice: String)? {
    guard let refusal = document["refusal"] as? [String: Any] else { return nil }
    return (refusal["description"] as? String ?? "", refusal["advice"] as? String ?? "")
  }

  var volumes: [[String: Any]] { document["volumes"] as? [[String: Any]] ?? [] }
  var volume: [String: Any] { volumes.first ?? [:] }
  var devices: [[String: Any]] { document["devices"] as? [[String: Any]] ?? [] }

  /// Everything was done.
  func expectDone(sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(status == 0, "\(errors)", sourceLocation: sourceLocation)
    #expect(steps.allSatisfy { $0.state == "done" }, sourceLocation: sourceLocation)
    #expect(refusal == nil, sourceLocation: sourceLocation)
  }
}
