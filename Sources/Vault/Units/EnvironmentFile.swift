/// A file that a unit names with `EnvironmentFile=`, such as `/etc/default/elasticsearch`.
///
/// It looks like a shell script, and is none: nothing is expanded. Read as systemd.exec(5) says and
/// `parse_env_file` in systemd's source does. A backslash at the end of a comment continues it up to
/// version 253 only; here it never does, so that no setting stays unseen.
struct EnvironmentFile {
  struct Assignment: Equatable {
    let name: String
    let value: String
    /// Counted from 1: the line on which the name stands.
    let line: Int
  }

  private(set) var assignments: [Assignment] = []

  private enum State {
    case name, value, plain, plainEscape, single, double, doubleEscape, comment
  }

  private var state = State.name
  private var name: [UInt8] = []
  private var value: [UInt8] = []
  /// How much of the value must stay, although it ends in blanks.
  private var kept = 0
  private var line = 1
  private var begun = 1

  init(_ bytes: [UInt8]) {
    for byte in bytes {
      take(byte)
      if byte == Self.feed { line += 1 }
    }
    end()
  }

  private static let feed = UInt8(ascii: "\n")

  private static func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0a, 0x0d].contains(byte) }
  private static func isNewline(_ byte: UInt8) -> Bool { byte == feed || byte == 0x0d }

  private mutating func take(_ byte: UInt8) {
    switch state {
    case .name: takeName(byte)
    case .value, .plain: takeValue(byte)
    case .plainEscape:
      // An end of line that is escaped is no character of the value.
      if !Self.isNewline(byte) { keep([byte]) }
      state = .plain
    case .single:
      if byte == UInt8(ascii: "'") { state = .value } else { keep([byte]) }
    case .double:
      switch byte {
      case UInt8(ascii: "\""): state = .value
      case UInt8(ascii: "\\"): state = .doubleEscape
      default: keep([byte])
      }
    case .doubleEscape:
      if #""\`$"#.utf8.contains(byte) {
        keep([byte])
      } else if byte != Self.feed {
        keep([UInt8(ascii: "\\"), byte])
      }
      state = .double
    case .comment:
      if Self.isNewline(byte) { state = .name }
    }
  }

  private mutating func takeName(_ byte: UInt8) {
    if name.isEmpty {
      if byte == UInt8(ascii: "#") || byte == UInt8(ascii: ";") {
        state = .comment
      } else if !Self.isBlank(byte) {
        begun = line
        name.append(byte)
      }
    } else if Self.isNewline(byte) {
      name = []
    } else if byte == UInt8(ascii: "=") {
      state = .value
    } else {
      name.append(byte)
    }
  }

  private mutating func takeValue(_ byte: UInt8) {
    if Self.isNewline(byte) {
      end()
    } else if state == .value, byte == UInt8(ascii: "'") {
      state = .single
    } else if state == .value, byte == UInt8(ascii: "\"") {
      state = .double
    } else if byte == UInt8(ascii: "\\") {
      kept = value.count
      state = .plainEscape
    } else if !Self.isBlank(byte) {
      keep([byte])
      state = .plain
    } else if state == .plain {
      // At the end of the value it does not count.
      value.append(byte)
    }
  }

  private mutating func keep(_ bytes: [UInt8]) {
    value += bytes
    kept = value.count
  }

  /// Ends an assignment, if one has begun.
  private mutating func end() {
    defer { (state, name, value, kept) = (.name, [], [], 0) }
    guard state != .name, state != .comment else { return }
    while let last = name.last, Self.isBlank(last) { name.removeLast() }
    guard let text = EnvironmentName(name) else { return }
    assignments.append(
      Assignment(
        name: text.text, value: String(decoding: value[..<kept], as: UTF8.self), line: begun))
  }
}

/// The name of a variable: letters, digits and `_`, no digit first; systemd ignores all others.
struct EnvironmentName {
  let text: String

  init?(_ bytes: some Sequence<UInt8>) {
    let bytes = Array(bytes)
    let isDigit: (UInt8) -> Bool = { (0x30...0x39).contains($0) }
    guard let first = bytes.first, !isDigit(first),
      bytes.allSatisfy({
        isDigit($0) || $0 == 0x5f || (0x41...0x5a).contains($0 & 0xdf) && $0 < 0x80
      })
    else { return nil }
    text = String(decoding: bytes, as: UTF8.self)
  }
}
