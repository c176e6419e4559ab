import Foundation
import Lab
import Testing

@testable import Elasticsearch

/// What Elasticsearch's own classes make of settings files (`Tests/Lab/settings/oracle`).
enum SettingsOracle {
  /// Every variable that Elasticsearch has there.
  static let environment = [
    "LC_ALL": "C.UTF-8", "ES_DATA": "/srv/es", "ES_LIST": "/a,/b", "ES_EMPTY": "",
  ]
  static let home = "/oracle"

  /// One answer for each file, in the same order.
  static func answers(to files: [[UInt8]]) throws -> [Answer] {
    let input = files.map { Data($0).base64EncodedString() + "\n" }.joined()
    let output = try Output(of: Checkout.folder + "/Tests/Lab/settings/oracle", input: input)
    try output.require("ask Elasticsearch's classes")
    let lines = output.stdout.split(separator: "\n")
    try #require(lines.count == files.count, "\(output.stderr)")
    return try lines.map { try JSONDecoder().decode(Answer.self, from: Data($0.utf8)) }
  }
}

/// What Elasticsearch reads in a file: data paths and settings, or why it does not.
struct Answer: Codable, Equatable {
  /// A text or a list, as JSON has it.
  enum Value: Codable, Equatable {
    case text(String)
    case list([String])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        self = .text(text)
      } else {
        self = .list(try container.decode([String].self))
      }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .text(let text): try container.encode(text)
      case .list(let items): try container.encode(items)
      }
    }
  }

  var paths: [String]?
  var settings: [String: Value]?
  var refuses: String?

  /// What our reader says, in Elasticsearch's words.
  init(ofOurs file: [UInt8]) {
    do {
      let loaded = try SettingsFile.parse(file).loaded {
        SettingsOracle.environment[$0]
      }
      var settings: [String: Value] = [:]
      for (name, value) in try loaded.all() {
        switch value {
        case .null: Issue.record("null is no setting that was loaded")
        case .text(let text): settings[name] = .text(text)
        case .list(let items): settings[name] = .list(items)
        }
      }
      paths = try loaded.dataPaths()
      if settings["path.data"] != nil { settings["path.data"] = .list(paths!) }
      self.settings = settings
    } catch {
      refuses = "\(error)"
    }
  }

  /// Without what Elasticsearch sets at every start, and with its defaults where a file says nothing.
  func withoutDefaults() -> Answer {
    var answer = self
    let defaults: [String: Value] = [
      "cluster.name": .text("elasticsearch"), "node.name": .text("node"),
      "path.home": .text(SettingsOracle.home), "path.logs": .text(SettingsOracle.home + "/logs"),
    ]
    answer.settings = settings?.filter { defaults[$0.key] != $0.value }
    // Java has made a path of it.
    answer.paths = nil
    return answer
  }

  /// Whether two readers read the same, or both refuse.
  ///
  /// The other has made a path of `path.logs`: from where it runs, if it is relative.
  func agrees(with other: Answer) -> Bool {
    var (own, other) = (withoutDefaults(), other.withoutDefaults())
    switch own.settings?["path.logs"] {
    case .text(let logs) where logs.hasPrefix("/"):
      own.settings?["path.logs"] = .text(URL(filePath: logs).standardized.path)
    default:
      own.settings?["path.logs"] = nil
      other.settings?["path.logs"] = nil
    }
    return own.settings == other.settings && (own.refuses == nil) == (other.refuses == nil)
  }
}
