/// What changes in `elasticsearch.yml`; nil stays as it is.
struct SettingsChange: Equatable, Sendable {
  var data: String?
  var logs: String?

  /// As the file's editor takes it.
  var settings: [(setting: String, value: String)] {
    [("path.data", data), ("path.logs", logs)].compactMap { name, value in
      value.map { (name, $0) }
    }
  }
}
