/// The environment that systemd gives to a unit's programs (systemd.exec(5)).
struct UnitEnvironment {
  private let properties: [Substring]

  /// - Parameter text: what `systemctl show` says of `Environment` and `EnvironmentFiles`.
  init(_ text: String) {
    properties = text.split(whereSeparator: \.isNewline)
  }

  /// The value of a variable that is an absolute path; a file wins over the unit, and a later file
  /// over an earlier one.
  func value(of name: String) -> String? {
    var value: String?
    for line in properties where line.hasPrefix("Environment=") {
      value =
        assigned(name, in: line.dropFirst("Environment=".count).split(separator: " ")) ?? value
    }
    for line in properties where line.hasPrefix("EnvironmentFiles=") {
      // As in `EnvironmentFiles=/etc/default/elasticsearch (ignore_errors=yes)`.
      let path = line.dropFirst("EnvironmentFiles=".count).prefix { $0 != " " }
      guard let bytes = try? AtomicFile(String(path)).bytes() else { continue }
      let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
      value = assigned(name, in: lines) ?? value
    }
    return value
  }

  private func assigned(_ name: String, in words: [Substring]) -> String? {
    let quotes: Set<Character> = ["\"", "'", " ", "\t"]
    let values = words.compactMap { word -> String? in
      let word = word.drop { quotes.contains($0) }
      guard word.hasPrefix(name + "=") else { return nil }
      let value = word.dropFirst(name.count + 1).drop { quotes.contains($0) }
      return String(value.prefix { !quotes.contains($0) })
    }
    return values.last.flatMap { $0.hasPrefix("/") ? $0 : nil }
  }
}
