/// What Elasticsearch says of its bootstrap checks: what it demands of the machine before it takes part
/// in a cluster.
package enum BootstrapChecks {
  /// The last failures in a log or journal, one line each, as Elasticsearch words them.
  ///
  /// After the heading `[2] bootstrap checks failed` comes a line for each: `[1]: max file descriptors
  /// …` in older versions, `bootstrap check failure [1] of [2]: …` in newer ones. Read in what people
  /// published; not run, for the node of the tests has no bootstrap checks.
  package static func failures(in text: String) -> [String] {
    var failures: [String] = []
    var isBelowHeading = false
    for line in text.split(whereSeparator: \.isNewline) {
      if line.contains("bootstrap checks failed") {
        (failures, isBelowHeading) = ([], true)
      } else if let start = line.firstRange(of: "bootstrap check failure [")?.lowerBound {
        failures.append(String(line[start...]))
      } else if isBelowHeading, isNumbered(line) {
        failures.append(String(line))
      } else {
        isBelowHeading = false
      }
    }
    return failures
  }

  /// `[1]: …`
  private static func isNumbered(_ line: Substring) -> Bool {
    let rest = line.drop { $0 == "[" }.drop { $0.isNumber }
    return line.hasPrefix("[") && rest.hasPrefix("]: ")
  }
}
