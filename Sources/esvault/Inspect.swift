import ArgumentParser
import Elasticsearch
import Vault

struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Read an Elasticsearch node state: node id and version.",
    discussion: """
      PATH is a node state file (node-17.st), a commit of Lucene (segments_2m), a _state directory, \
      or a data path, of Elasticsearch or OpenSearch. Where both kinds of file are, they must name \
      the same node. Changes nothing.

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
    let commit = state.commit.map { commit in
      JSON.object([
        "file": .string(commit.file), "generation": JSON(commit.generation),
        "format": JSON(commit.format), "isRead": .bool(commit.userData != nil),
      ])
    }
    return .object([
      "schema": .string("esvault/inspect/v1"), "nodeID": .string(state.nodeID),
      "nodeVersion": JSON(state.nodeVersion?.description), "file": .string(state.file),
      "generation": JSON(state.generation), "product": JSON(state.nodeVersion?.product.rawValue),
      "oldestIndexVersion": JSON(state.oldestIndexVersion), "clusterUUID": JSON(state.clusterUUID),
      "marker": JSON(state.marker?.description), "isHalfUpgraded": .bool(state.isHalfUpgraded),
      "commit": commit ?? .null,
    ])
  }

  static func text(_ state: NodeState) -> String {
    var rows = [
      ("node id", state.nodeID),
      ("node version", state.nodeVersion?.title ?? "not recorded (before 7.2)"),
    ]
    if let version = state.oldestIndexVersion { rows.append(("oldest index", "\(version)")) }
    if let cluster = state.clusterUUID { rows.append(("cluster", cluster)) }
    rows += [("file", state.file), ("generation", "\(state.generation)")]
    if let commit = state.commit, commit.file != state.file {
      rows.append(("commit", commit.file))
      if commit.userData == nil {
        rows.append(("", "sound; its format \(commit.format) is newer than this program"))
      }
    }
    if let marker = state.marker { rows.append(("marker", "written by Elasticsearch \(marker)")) }
    if state.isHalfUpgraded {
      rows.append(("upgrade", "interrupted on the way from 7 to 8: a part is still in 'nodes/0'"))
    }
    return rows.map { $0.padding(to: 12) + "  " + $1 }.joined(separator: "\n")
  }
}

extension String {
  fileprivate func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
