import Elasticsearch

/// A volume that holds another node than the recorded one, or none any more: a wrong volume, or one
/// that somebody has emptied.
///
/// `provision` refuses to go on with it, `unlock` and `status` say it. The gate before Elasticsearch
/// lets it pass: a node that was set up anew on purpose looks the same, and nobody is to be locked out
/// who did that. What keeps a stranger's disk away is the LUKS UUID and the serial.
package struct NodeMismatch: Error, Equatable, Sendable {
  /// Lower case, without a full stop, the objects in single quotes.
  package let description: String
  /// What to do, as the rest of a sentence.
  let remedy: String

  /// Compares what is recorded with what is there.
  ///
  /// - Returns: nil where they agree, and while no node is recorded.
  init?(recorded: String?, present: String?, on volume: String) {
    guard let recorded, recorded != present else { return nil }
    let found = present.map { "the node '\($0)'" } ?? "no node"
    description = "volume '\(volume)' holds \(found), and the recorded one is '\(recorded)'"
    remedy =
      "find out who has changed or emptied it; if that node was set up anew on purpose, remove the volume's line 'node:' from esvault's configuration, then run 'esvault provision --name \(volume)'"
  }

  /// Nothing is said of a state that cannot be read: it is reported as such.
  package init?(recorded: String?, present: NodeStateFacts, on volume: String) {
    switch present {
    case .none: self.init(recorded: recorded, present: nil as String?, on: volume)
    case .present(let state): self.init(recorded: recorded, present: state.nodeID, on: volume)
    case .damaged: return nil
    }
  }

  /// What to do, as a sentence of its own.
  package var advice: String { remedy.prefix(1).uppercased() + remedy.dropFirst() + "." }

  var refusal: Refusal { Refusal(description, advice: advice) }
}

extension NodeState {
  /// What is said of data in both layouts.
  static func interruptedUpgrade(in data: String) -> String {
    "the upgrade of the data in '\(data)' from Elasticsearch 7 to 8 was interrupted: a part of it is still in '\(data)/nodes/0'"
  }
}

/// Which node a volume is known to have.
package struct RecordedNode: Equatable, Sendable {
  package var volume: String
  /// 22 characters.
  package var id: String
}
