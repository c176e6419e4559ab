import ArgumentParser
import Vault

/// How a report is written.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
  case table, json
}

struct ReportOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Write the result as a table or as JSON.", valueName: "table|json"))
  var format = ReportFormat.table
}

/// How long a command may wait.
enum Timeout {
  static func validate(_ seconds: Int?) throws {
    if let seconds, !(1...86_400).contains(seconds) {
      throw ValidationError("--timeout takes 1 to 86400 seconds.")
    }
  }
}

struct ConfigurationOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
  var config = Configuration.defaultPath
}
