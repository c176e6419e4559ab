import YAML

/// One setting as it stands in the file.
package struct Setting: Equatable, Sendable {
  package let value: String
  /// Counted from 1.
  package let line: Int

  package init(value: String, line: Int) {
    self.value = value
    self.line = line
  }
}

/// An `elasticsearch.yml`, which is read for single settings and edited one value at a time.
///
/// Elasticsearch flattens the file: `path.data: /x` and `path:` with an indented `data: /x` are the
/// same setting (Elastic documentation, "Configuring Elasticsearch").
package struct SettingsFile: Equatable, Sendable {
  let document: Document

  /// Reads the bytes of a file; an empty file and one of comments only are fine.
  package static func parse(_ bytes: [UInt8]) throws(SettingsError) -> SettingsFile {
    let document: Document
    do { document = try Document.parse(bytes) } catch { throw SettingsError(error) }
    if let root = document.root, root.entries == nil, !root.isNull {
      throw .broken(line: root.line, column: root.column, problem: "settings are expected here")
    }
    return SettingsFile(document: document)
  }

  /// The value of a setting such as `path.data`, nil if the file does not give it.
  package func value(of setting: String) throws(SettingsError) -> Setting? {
    guard let found = try place(of: setting) else { return nil }
    return Setting(value: found.text ?? "", line: found.line)
  }

  /// The file with another value for a setting.
  ///
  /// Only the bytes of the value change: key, quotes and comment stay. A setting that is not there
  /// is added as a line at the end. The result is read again, and has to say the same as before in
  /// everything else.
  package func setting(
    _ setting: String, to value: String
  ) throws(SettingsError) -> [UInt8] {
    try Self.check(value, for: setting)
    let found = try place(of: setting)
    // Byte by byte: to Linux two spellings of "é" are two paths.
    if let text = found?.text, text.utf8.elementsEqual(value.utf8) { return document.source }
    let bytes: [UInt8]
    do {
      if let found {
        bytes = try document.replacing(scalar: found, with: value)
      } else {
        bytes = try adding(setting, value)
      }
    } catch {
      throw .notEditable(setting: setting, line: error.line, problem: error.problem)
    }
    guard try SettingsFile.parse(bytes).value(of: setting)?.value == value else {
      throw .notEditable(setting: setting, line: found?.line, problem: "it did not read back")
    }
    return bytes
  }

  private func adding(_ setting: String, _ value: String) throws(YAMLError) -> [UInt8] {
    let entry = Value.Entry(setting, .text(value))
    guard let root = document.root else { return try document.addingFirst(entry) }
    return try document.adding([entry], to: root)
  }

  /// Why Elasticsearch would not read a value as it is written.
  private static func check(_ value: String, for setting: String) throws(SettingsError) {
    let characters = value.unicodeScalars
    let reason: String
    if characters.isEmpty {
      reason = "it is empty"
    } else if value.isSplitAtCommas {
      reason = "Elasticsearch would read a list at the comma"
    } else if value.hasVariable {
      reason = "Elasticsearch would replace the variable"
    } else if characters.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
      reason = "it has a control character"
    } else if characters.first == " " || characters.last == " " {
      reason = "it begins or ends with a blank"
    } else {
      return
    }
    throw .unusable(setting: setting, value: value, reason: reason)
  }
}

extension String {
  /// Elasticsearch splits at commas, even inside quotes.
  var isSplitAtCommas: Bool { utf8.contains(UInt8(ascii: ",")) }

  /// Whether `${…}` is in it, which Elasticsearch replaces by a variable of its environment.
  var hasVariable: Bool {
    zip(utf8, utf8.dropFirst()).contains { $0 == UInt8(ascii: "$") && $1 == UInt8(ascii: "{") }
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
}
