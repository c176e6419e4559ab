/// How values are written in a unit file.
enum UnitText {
  /// A path that is a whole value: `%` begins a specifier (systemd.unit(5)).
  static func path(_ path: String) -> String { path.replacing("%", with: "%%") }

  /// Whether a path can be a whole value: systemd drops blanks at its end, and takes a backslash
  /// there for a line that goes on.
  static func mayBePath(_ path: String) -> Bool {
    !path.hasSuffix(" ") && !path.hasSuffix("\\")
  }

  /// Whether a path can be the program of a command line: systemd takes none with a quote or a
  /// backslash, however it is escaped.
  static func mayBeProgram(_ path: String) -> Bool {
    !path.contains { #""'\"#.contains($0) }
  }

  /// A command line (systemd.service(5), "Command Lines").
  ///
  /// - Parameter prefix: stands before the program, such as `+` for full privileges.
  static func command(_ program: String, _ arguments: [String], prefix: String = "") -> String {
    // A dollar sign begins a variable, except in the program's own path.
    let words = arguments.map { word($0.replacing("$", with: "$$")) }
    return ([word(prefix + program)] + words).joined(separator: " ")
  }

  /// One word of a line, in quotes if it needs them.
  static func word(_ text: String) -> String {
    let text = path(text)
    guard text.contains(where: { #" "'\;"#.contains($0) }) else { return text }
    let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return "\"\(escaped)\""
  }
}
