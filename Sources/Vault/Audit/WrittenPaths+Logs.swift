import Elasticsearch
import SystemPackage

extension WrittenPaths {
  /// What is logged to other places than `path.logs`: by Log4j's appenders, and by the unit.
  var ofLogging: [WrittenPath] { ofAppenders + ofOutput }

  private var ofAppenders: [WrittenPath] {
    logging.sorted { $0.key < $1.key }.flatMap { file, logging in
      switch logging {
      case .failure(let error):
        [WrittenPath(purpose: .logs, path: file, origin: "Log4j", problem: error.why)]
      case .success(let logging):
        logging.files.filter { !$0.isBelowLogs }.map {
          written($0.path, as: $0.text, by: "\($0.key) in '\(file)'", from: workingFolder)
        }
      }
    }
  }

  /// systemd.exec(5), `StandardOutput=`.
  private var ofOutput: [WrittenPath] {
    ["StandardOutput", "StandardError"].compactMap { key in
      guard let saying = definition.last(key),
        let kind = ["file:", "append:", "truncate:"].first(where: saying.text.hasPrefix)
      else { return nil }
      let text = String(saying.text.dropFirst(kind.count))
      let path = definition.specifiers.expanded(text)
      return written(path, as: text, by: "\(key) in '\(saying.place)'", from: "/")
    }
  }

  private func written(
    _ path: String?, as text: String, by origin: String, from folder: String
  ) -> WrittenPath {
    guard let path else {
      return WrittenPath(
        purpose: .logs, path: text, origin: origin,
        problem: "what '\(text)' stands for is not known")
    }
    return WrittenPath(
      purpose: .logs, path: FilePath(folder).pushing(FilePath(path)).string, origin: origin)
  }
}
