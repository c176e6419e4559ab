/// What is wrong with a volume's chain, and what to do about it.
package struct ChainProblem: Error, Equatable, Sendable, CustomStringConvertible {
  /// Lower case, without a full stop, the object in single quotes.
  package let description: String
  /// What to do, as the rest of a sentence: "run 'esvault unlock'".
  package let remedy: String

  package init(_ description: String, _ remedy: String) {
    self.description = description
    self.remedy = remedy
  }

  /// What to do, as a sentence of its own.
  package var advice: String { remedy.prefix(1).uppercased() + remedy.dropFirst() + "." }

  /// Both in one line, for `systemctl status`.
  package var line: String { "\(description): \(remedy)" }
}
