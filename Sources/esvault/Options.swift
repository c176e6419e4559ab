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

struct ConfigurationOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
  var config = Configuration.defaultPath
}
