/// A reader of files that somebody else wrote, with the properties that it has for all of them.
///
/// The fuzzer looks for an input that breaks one. What it found is kept in the corpus, and every run of
/// the tests goes through all of that.
package enum FuzzTarget: String, CaseIterable, Sendable {
  case yaml
  case settings
  case jvmOptions = "jvm-options"
  case nodeState = "node-state"
  case luceneCommit = "lucene-commit"
  case mountTable = "mount-table"
  case cryptTable = "crypt-table"
  case configuration
  case token

  /// Does with an input what the product does with a file, and checks the result without the product's
  /// own code.
  package func run(_ input: [UInt8]) throws(BrokenProperty) {
    switch self {
    case .yaml: try YAMLProperties.check(input)
    case .settings: try SettingsProperties.check(input)
    case .jvmOptions: try JVMOptionsProperties.check(input)
    case .nodeState: try NodeStateProperties.check(input)
    case .luceneCommit: try LuceneCommitProperties.check(input)
    case .mountTable: try MountTableProperties.check(input)
    case .cryptTable: try CryptTableProperties.check(input)
    case .configuration: try ConfigurationProperties.check(input)
    case .token: try TokenProperties.check(input)
    }
  }
}

/// An input for which a property does not hold.
package struct BrokenProperty: Error, CustomStringConvertible {
  package let description: String
}

/// States a property: `demand(line > 0, "lines are counted from 1")`.
func demand(_ holds: Bool, _ property: @autoclosure () -> String) throws(BrokenProperty) {
  guard holds else { throw BrokenProperty(description: property()) }
}
