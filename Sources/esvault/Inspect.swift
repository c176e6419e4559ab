import ArgumentParser
import Elasticsearch
import Vault

struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Read an Elasticsearch node state: node id and version.",
    discussion: """
      PATH is a node state file (node-17.st), a _state directory, or a data path. Changes nothing.

      EXAMPLES
        esvault inspect /mnt/es/elasticsearch
        esvault inspect /mnt/es/elasticsearch/nodes/0/_state/node-1.st --format json
      """)

  @Argument(help: "A node state file or directory, or a data path.")
  var path: String

  @OptionGroup var report: ReportOptions

  func run() throws {
    do {
      guard let state = try NodeState.find(at: path) else {
        throw StepFailure(
          "could not find a node state in '\(path)'",
          advice:
            "Name Elasticsearch's data path: grep path.data /etc/elasticsearch/elasticsearch.yml")
      }
      Terminal.print(report.format == .json ? Self.json(state).text : Self.text(state))
    } catch { throw ExitStatus.report(error) }
  }

  static func json(_ state: NodeState) -> JSON {
    .object([
      "schema": .string("esvault/inspect/v1"), "nodeID": .string(state.nodeID),
      "nodeVersion": JSON(state.nodeVersion?.description), "file": .string(state.file),
      "generation": JSON(state.generation),
    ])
  }

  static func text(_ state: NodeState) -> String {
    """
    node id       \(state.nodeID)
    node version  \(state.nodeVersion?.description ?? "not recorded (before 7.2)")
    file          \(state.file)
    generation    \(state.generation)
    """
  }
}
