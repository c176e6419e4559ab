/// Why a YAML text was not read or not edited, and where.
package struct YAMLError: Error, Equatable, CustomStringConvertible {
  /// What a caller may want to tell apart.
  package enum Kind: Equatable, Sendable {
    /// Not YAML at all.
    case broken
    /// YAML, in a form that this reader refuses on purpose.
    case unsupported
    /// One key twice in one mapping, first on line `first`.
    case duplicate(key: String, first: Int)
    /// An edit that would not keep everything else as it is.
    case notEditable
  }

  package let kind: Kind
  /// The line, counted from 1.
  package let line: Int?
  /// The column in characters, counted from 1.
  package let column: Int?
  package let problem: String

  package init(_ kind: Kind, line: Int? = nil, column: Int? = nil, problem: String) {
    self.kind = kind
    self.line = line
    self.column = column
    self.problem = problem
  }

  package var description: String {
    switch (line, column) {
    case (let line?, let column?): "line \(line), column \(column): \(problem)"
    case (let line?, nil): "line \(line): \(problem)"
    default: problem
    }
  }
}
