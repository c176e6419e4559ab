import ArgumentParser
import Vault

/// How an audit is written.
enum AuditFormat: String, ExpressibleByArgument, CaseIterable {
  case table, json, prometheus, html
}

struct AuditOutputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write the result for people, for programs, for node_exporter's textfile collector, or as a page for an auditor.",
      valueName: "table|json|prometheus|html"))
  var format = AuditFormat.table
  @OptionGroup var file: OutputFileOptions

  /// - Throws: what ``ReportFile`` throws.
  func write(_ report: AuditReport) throws {
    switch format {
    case .table: try file.write(painted: AuditText(report, file.drawing).text)
    case .json: try file.write(AuditJSON.document(report).text)
    case .prometheus: try file.write(AuditMetrics.text(report))
    case .html:
      // From the document alone, as 'report' has it.
      let document = try AuditDocument(parsing: AuditJSON.document(report).text.utf8)
      try file.write(painted: AuditPage(document).html.text)
    }
  }

  /// - Throws: what ``ReportFile`` throws.
  func write(_ list: CheckList) throws {
    switch format {
    case .json: try file.write(list.json.text)
    case .table, .prometheus, .html: try file.write(painted: list.text(file.drawing))
    }
  }
}

/// Where a result goes.
struct OutputFileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write the result into this file, whole or not at all, instead of to standard output.",
      valueName: "file"))
  var output: String?

  /// Nothing is drawn into a file but plain text.
  var drawing: Drawing { output == nil ? .suited : Drawing() }

  /// Finds out before the work whether the file can be written, and is none of those that are read.
  func check(reading sources: [String]) throws {
    guard let file = output.map(ReportFile.init) else { return }
    try file.checkIsReplaceable()
    try file.checkIsNone(of: sources)
  }

  func write(_ text: String) throws { try write(painted: Terminal.printable(text)) }

  /// Text whose only control characters are our own.
  func write(painted text: String) throws {
    guard let output else { return try Terminal.hand(out: text) }
    try ReportFile(output).replace(with: (text + "\n").utf8)
  }
}
