/// Why a setting of `elasticsearch.yml` was not read or not changed.
package enum SettingsError: Error, Equatable, CustomStringConvertible {
  /// The file is not what Elasticsearch would read.
  case broken(line: Int?, column: Int?, problem: String)
  /// Which of several values counts differs between versions of Elasticsearch.
  case givenTwice(setting: String, lines: [Int])
  /// A form that Elasticsearch may well understand, and that is not edited here.
  case unsupported(setting: String, line: Int, form: String)
  /// A value that Elasticsearch would read as something else.
  case unusable(setting: String, value: String, reason: String)
  /// The change would have touched more than the one value.
  case notEditable(setting: String, line: Int?, problem: String)

  package var description: String {
    switch self {
    case .broken(let line?, let column?, let problem):
      "could not read the settings: line \(line), column \(column): \(problem)"
    case .broken(let line?, nil, let problem):
      "could not read the settings: line \(line): \(problem)"
    case .broken(nil, _, let problem):
      "could not read the settings: \(problem)"
    case .givenTwice(let setting, let lines):
      "could not read '\(setting)': it is given more than once, on lines "
        + lines.map(String.init).joined(separator: " and ")
    case .unsupported(let setting, let line, let form):
      "could not read '\(setting)': line \(line) has \(form)"
    case .unusable(let setting, let value, let reason):
      "could not set '\(setting)' to '\(value)': \(reason)"
    case .notEditable(let setting, let line, let problem):
      "could not set '\(setting)': " + (line.map { "line \($0): " } ?? "") + problem
    }
  }
}
