import YAML

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
  /// A setting without a value: Elasticsearch refuses the whole file.
  case null(setting: String, line: Int)
  /// A list of several values, where one is wanted.
  case several(setting: String, line: Int)
  /// A variable in a value that Elasticsearch's environment does not have, as far as it is known.
  case unresolved(setting: String, variable: String)
  /// Variables stand for something else in versions before 8.2 than since, and the version is not known.
  case dependsOnVersion(setting: String)
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
    case .null(let setting, let line):
      "could not read '\(setting)': line \(line) gives it no value"
    case .several(let setting, let line):
      "could not set '\(setting)': line \(line) has a list of several values"
    case .unresolved(let setting, let variable):
      "could not read '\(setting)': nothing gives the variable '${\(variable)}'"
    case .dependsOnVersion(let setting):
      "could not read '\(setting)': what its variables stand for depends on the version of Elasticsearch, which is not known"
    case .notEditable(let setting, let line, let problem):
      "could not set '\(setting)': " + (line.map { "line \($0): " } ?? "") + problem
    }
  }
}

extension SettingsError {
  init(_ error: YAMLError) {
    if case .duplicate(let key, let first) = error.kind, let line = error.line {
      self = .givenTwice(setting: key, lines: [first, line])
    } else {
      self = .broken(line: error.line, column: error.column, problem: error.problem)
    }
  }

  /// What whoever keeps the file can do about it, as a full sentence.
  package var advice: String {
    switch self {
    case .broken(let line?, _, _):
      "Mend line \(line), or write what it says in a plainer form: 'SETTING: VALUE'."
    case .broken: "Mend the file: it must be UTF-8, and one document of settings."
    case .givenTwice(let setting, _):
      "Keep one of these lines, and remove the others: '\(setting)' must be given once. Where Elasticsearch starts with the file at all, the last one counts."
    case .unsupported(let setting, let line, _):
      "Write line \(line) in the plain form: '\(setting): VALUE'."
    case .null(let setting, let line): "Give '\(setting)' a value, or remove line \(line)."
    case .several(let setting, _):
      "Several data paths are deprecated since Elasticsearch 7.13. Move the data to one path, and leave only that in '\(setting)'."
    case .unresolved(let setting, _), .dependsOnVersion(let setting):
      "Write the value itself into '\(setting)'."
    case .unusable: "Choose another path."
    case .notEditable(let setting, _, _):
      "Set it by hand, in a line of its own: '\(setting): VALUE'."
    }
  }
}
