/// What `%` and a letter stand for in the files of a unit: systemd.unit(5), "Specifiers".
///
/// Known are those that follow from the unit's name and from where a system service has its files. The
/// others, such as `%H` for the name of the machine, are not looked up: who needs such a value refuses.
struct Specifiers: Equatable {
  /// The unit's whole name, such as `elasticsearch@one.service`.
  let unit: String

  /// A text with what its specifiers stand for; nil where one is not known.
  func expanded(_ text: String) -> String? {
    var result = ""
    var rest = text[...]
    while let sign = rest.firstIndex(of: "%") {
      result += rest[..<sign]
      rest = rest[sign...].dropFirst()
      guard let letter = rest.popFirst(), let value = value(of: letter) else { return nil }
      result += value
    }
    return result + rest
  }

  private func value(of letter: Character) -> String? {
    switch letter {
    case "%": "%"
    case "n": unit.isEmpty ? nil : unit
    case "N": unit.isEmpty ? nil : String(withoutType)
    case "p": unit.isEmpty ? nil : String(withoutType.prefix { $0 != "@" })
    case "i": instance
    case "t": "/run"
    case "S": "/var/lib"
    case "C": "/var/cache"
    case "L": "/var/log"
    case "E": "/etc"
    case "T": "/tmp"
    case "V": "/var/tmp"
    default: nil
    }
  }

  private var withoutType: Substring {
    unit[..<(unit.lastIndex(of: ".") ?? unit.endIndex)]
  }

  /// What stands behind the `@`; empty for a unit that was not made of a template.
  private var instance: String? {
    guard !unit.isEmpty else { return nil }
    return String(withoutType.drop { $0 != "@" }.dropFirst())
  }
}
