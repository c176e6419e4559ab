/// The files that `log4j2.properties` has Elasticsearch's logs written to.
///
/// The file is one of Java's: its form is that of `java.util.Properties.load` (JDK documentation). Log4j's
/// manual ("Configuration", "Properties") names the keys.
package struct LoggingFiles: Equatable, Sendable {
  package struct File: Equatable, Sendable {
    /// `appender.rolling.fileName`.
    package var key: String
    /// With Log4j's lookups, such as `${sys:es.logs.cluster_name}`.
    package var text: String
  }

  /// Sorted by their keys.
  package private(set) var files: [File] = []

  package init(_ bytes: [UInt8] = []) {
    let entries = JavaProperties.entries(String(decoding: bytes, as: UTF8.self))
    // Of a key that is there twice, the last counts.
    let values = Dictionary(entries.map { ($0.key, $0.value) }) { $1 }
    files = values.filter { Self.isFile($0.key) }.sorted { $0.key < $1.key }
      .map { File(key: $0.key, text: $0.value) }
  }

  private static func isFile(_ key: String) -> Bool {
    let parts = key.split(separator: ".").map { $0.lowercased() }
    return parts.count > 2 && parts[0] == "appender"
      && ["filename", "filepattern"].contains(parts[parts.count - 1])
  }
}

extension LoggingFiles.File {
  /// What stands for no path of its own: a separator, and the names of the cluster and the node.
  private static let names =
    ["file.separator"]
    + products.flatMap {
      ["\($0).logs.cluster_name", "\($0).logs.node_name"]
    }
  private static let products = ["es", "opensearch"]

  /// Whether it lies below `path.logs`.
  package var isBelowLogs: Bool {
    let start = Self.products.map { "${sys:\($0).logs.base_path}" }.first(where: text.hasPrefix)
    guard let start else { return false }
    let rest = text.dropFirst(start.count).replacing("${sys:file.separator}", with: "/")
    return rest.hasPrefix("/") && Self.isPlain(rest)
  }

  /// The file, or the directory of those that a pattern makes; nil where a lookup leaves it open.
  package var path: String? {
    guard Self.isPlain(text[...]) else { return nil }
    guard let sign = text.firstIndex(where: { "$%".contains($0) }) else { return text }
    let head = text[..<sign]
    guard let end = head.lastIndex(of: "/") else { return head.isEmpty ? nil : "." }
    return end == head.startIndex ? "/" : String(head[..<end])
  }

  /// Whether all lookups are known, and none leads up.
  private static func isPlain(_ text: Substring) -> Bool {
    let rest = names.reduce(String(text)) { $0.replacing("${sys:\($1)}", with: "/") }
    return !rest.contains("$") && !rest.split(separator: "/").contains("..")
  }
}

/// The form of Java's property files, of which nothing is ever an error.
enum JavaProperties {
  struct Entry: Equatable {
    var key: String
    var value: String
  }

  static func entries(_ text: String) -> [Entry] {
    var entries: [Entry] = []
    var line = ""
    var goesOn = false
    for natural in text.split(omittingEmptySubsequences: false, whereSeparator: isEnd) {
      let part = natural.drop(while: isBlank)
      if !goesOn, part.first.map({ "#!".contains($0) }) ?? true { continue }
      goesOn = !part.reversed().prefix { $0 == "\\" }.count.isMultiple(of: 2)
      line += goesOn ? part.dropLast() : part
      if !goesOn {
        entries.append(entry(line))
        line = ""
      }
    }
    return goesOn ? entries + [entry(line)] : entries
  }

  private static func isEnd(_ character: Character) -> Bool {
    character == "\n" || character == "\r" || character == "\r\n"
  }

  private static func isBlank(_ character: Character) -> Bool { " \t\u{c}".contains(character) }
  private static func isSign(_ character: Character) -> Bool { "=:".contains(character) }

  private static func entry(_ line: String) -> Entry {
    var rest = line[...]
    let key = text(&rest) { isBlank($0) || isSign($0) }
    rest = rest.drop(while: isBlank)
    if rest.first.map(isSign) == true { rest = rest.dropFirst().drop(while: isBlank) }
    return Entry(key: key, value: text(&rest) { _ in false })
  }

  /// Takes off what stands before an end, with its escapes resolved.
  private static func text(_ rest: inout Substring, until isEnd: (Character) -> Bool) -> String {
    var result = ""
    while let character = rest.first, !isEnd(character) {
      rest.removeFirst()
      guard character == "\\", let escaped = rest.popFirst() else {
        result.append(character)
        continue
      }
      switch escaped {
      case "t": result.append("\t")
      case "n": result.append("\n")
      case "r": result.append("\r")
      case "f": result.append("\u{c}")
      case "u":
        let scalar = UInt32(rest.prefix(4), radix: 16).flatMap(Unicode.Scalar.init)
        result.unicodeScalars.append(scalar ?? "\u{fffd}")
        rest = rest.dropFirst(4)
      default: result.append(escaped)
      }
    }
    return result
  }
}
