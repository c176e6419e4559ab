/// The grammar of `jvm.options` once more, byte by byte and in another way than the product's: as the
/// regular expression of Elasticsearch's `JvmOptionsParser` says it,
/// `((?<start>\d+)(?<range>-)?(?<end>\d+)?:)?(?<option>-.*)$` on a whole line.
struct JVMOracle {
  struct Line: Equatable {
    enum Meaning: Equatable {
      case nothing
      case invalid
      case option([UInt8], java: ClosedRange<Int>)
    }

    /// With its end.
    let bytes: [UInt8]
    let meaning: Meaning
  }

  let lines: [Line]

  init(_ text: [UInt8]) {
    var lines: [Line] = []
    var line: [UInt8] = []
    for (place, byte) in text.enumerated() {
      line.append(byte)
      let isEnd = byte == 10 || byte == 13 && (place + 1 == text.count || text[place + 1] != 10)
      guard isEnd || place + 1 == text.count else { continue }
      lines.append(Line(bytes: line, meaning: Self.meaning(of: Self.withoutEnd(line))))
      line = []
    }
    self.lines = lines
  }

  /// Counted from 1.
  var invalidLines: [Int] {
    lines.indices.filter { lines[$0].meaning == .invalid }.map { $0 + 1 }
  }

  /// Every option for a version of Java.
  func options(java: Int) -> [[UInt8]] {
    lines.compactMap { line in
      guard case .option(let option, let range) = line.meaning, range.contains(java) else {
        return nil
      }
      return option
    }
  }

  private static func withoutEnd(_ line: [UInt8]) -> [UInt8] {
    if line.suffix(2) == [13, 10] { return line.dropLast(2) }
    return line.last == 10 || line.last == 13 ? line.dropLast() : line
  }

  private static func meaning(of line: [UInt8]) -> Line.Meaning {
    // Java's \s.
    let isBlank = line.allSatisfy { (9...13).contains($0) || $0 == 32 }
    if line.first == UInt8(ascii: "#") || isBlank { return .nothing }
    // Java's dot does not match these either, and they end no line.
    let feeds: [[UInt8]] = [[0xC2, 0x85], [0xE2, 0x80, 0xA8], [0xE2, 0x80, 0xA9]]
    let hasFeed = line.indices.contains { place in
      feeds.contains { line[place...].starts(with: $0) }
    }
    if hasFeed { return .invalid }
    if line.first == UInt8(ascii: "-") { return .option(line, java: 0...Int.max) }
    var rest = line[...]
    let start = digits(&rest)
    let isRange = rest.first == UInt8(ascii: "-")
    if isRange { rest.removeFirst() }
    let end = digits(&rest)
    guard let first = start.isEmpty ? nil : number(start), rest.popFirst() == UInt8(ascii: ":"),
      rest.first == UInt8(ascii: "-")
    else { return .invalid }
    let option = Array(rest)
    guard isRange else { return end.isEmpty ? .option(option, java: first...first) : .invalid }
    guard !end.isEmpty else { return .option(option, java: first...Int.max) }
    guard let last = number(end), first <= last else { return .invalid }
    return .option(option, java: first...last)
  }

  private static func digits(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
    let digits = rest.prefix { (48...57).contains($0) }
    rest = rest.dropFirst(digits.count)
    return Array(digits)
  }

  /// Java takes ten digits up to 2147483647, and any number of zeros before; the product takes nine
  /// digits at most, and says that the line is invalid.
  private static func number(_ digits: [UInt8]) -> Int? {
    digits.count <= 9 ? digits.reduce(0) { $0 * 10 + Int($1 - 48) } : nil
  }
}
