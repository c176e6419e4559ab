import Glibc
import SystemPackage
import Vault

/// Where text goes: results to standard output, everything said to a person to standard error.
enum Terminal {
  static func print(_ text: String) {
    write(printable(text) + "\n", to: .standardOutput)
  }

  /// Text whose only control characters are our own colours.
  static func print(painted text: String) {
    write(text + "\n", to: .standardOutput)
  }

  /// Text as it is, of which nothing may be lost: what a full disk cuts off would pass for a report.
  /// A reader that goes away has seen enough.
  static func hand(out text: String) throws {
    do { _ = try FileDescriptor.standardOutput.writeAll((text + "\n").utf8) } catch let error
      as Errno
    {
      guard error != .brokenPipe else { return }
      throw StepFailure(
        "could not write to standard output: \(error)",
        advice: "See whether the disk is full: df")
    }
  }

  static func say(_ text: String) {
    write(printable(text) + "\n", to: .standardError)
  }

  /// Says lines with names in them, none of which is broken by a name.
  static func say(lines: String...) {
    write(lines.map { line($0) + "\n" }.joined(), to: .standardError)
  }

  /// The text without control characters and the like: labels and journals come from elsewhere, and
  /// must not speak to the terminal.
  static func printable(_ text: String) -> String {
    text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      .map { line(String($0)) }.joined(separator: "\n")
  }

  /// A text that is one line, whatever names it has in it: none of them forges another line.
  static func line(_ text: String) -> String {
    var clean = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { clean.append(scalar.isUnprintable ? "?" : scalar) }
    return String(clean)
  }

  /// Text on standard error without an end of line: for progress on a terminal.
  static func show(_ text: String) {
    write(text, to: .standardError)
  }

  static var isInteractive: Bool { isatty(0) == 1 && isatty(2) == 1 }

  /// A reader that went away must not stop a change half way.
  private static func write(_ text: String, to file: FileDescriptor) {
    _ = try? file.writeAll(text.utf8)
  }

  /// Asks a question, and tells whether the answer is `yes`.
  static func confirms(_ question: String) -> Bool {
    show(question + " Type yes: ")
    return readLine() == "yes"
  }
}
