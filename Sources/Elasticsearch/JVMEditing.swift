/// Why `jvm.options` was not changed.
package enum JVMOptionsError: Error, Equatable, CustomStringConvertible {
  /// Elasticsearch would not start with this line, so nobody knows what was meant by it.
  case invalid(line: Int)
  /// Several options on one line: read in one way before 8.0, in another since.
  case several(line: Int)
  /// A value that a line of options cannot hold.
  case unusable(value: String)

  package var description: String {
    switch self {
    case .invalid(let line):
      "could not change the options: Elasticsearch would not accept line \(line)"
    case .several(let line): "could not change the options: line \(line) holds more than one"
    case .unusable(let value):
      "could not write the option value '\(value)': it has blanks or control characters"
    }
  }
}

extension JVMOptions {
  /// The file with another heap, for Elasticsearch before 7.7.
  ///
  /// The value changes in every line that sets the heap, for whatever version of Java it is; where no
  /// line sets it for all versions one is added at the end. A value that says the same in another way
  /// stays, and so does every other byte.
  package func settingHeap(_ bytes: UInt64) throws(JVMOptionsError) -> [UInt8] {
    let text = Heap.text(bytes)
    return try setting([
      Setting(.initialHeap, text, isSize: true), Setting(.maximumHeap, text, isSize: true),
      // -Xms among its names sets the initial heap as well, and does so first.
      Setting(.leastHeap, text, isSize: true, isAdded: false),
    ])
  }

  /// The file with heap dumps and crash reports going to a folder.
  package func settingDiagnostics(_ folder: String) throws(JVMOptionsError) -> [UInt8] {
    try setting(Self.diagnostics(in: folder).map { Setting($0, $1) })
  }

  /// The file with no counters of Java's being written to `/tmp`, as without this option.
  func settingWithoutPerformanceFile() -> [UInt8] {
    let isThere = placedOptions().contains { $0.1 == Self.withoutPerformanceFile }
    return isThere ? source : appending([Self.withoutPerformanceFile], to: source)
  }

  /// Java's counters stay in memory, where they otherwise are in a file below `/tmp`, wherever its
  /// temporary files go (run with OpenJDK 17).
  static let withoutPerformanceFile = "-XX:+PerfDisableSharedMem"

  /// What is written for a flag.
  private struct Setting {
    let flag: JVMFlag
    let value: String
    /// Whether the value is a size, which can be written in several ways.
    let isSize: Bool
    /// Whether the option is added where it is missing.
    let isAdded: Bool

    init(_ flag: JVMFlag, _ value: String, isSize: Bool = false, isAdded: Bool = true) {
      self.flag = flag
      self.value = value
      self.isSize = isSize
      self.isAdded = isAdded
    }

    func isSaid(by text: String) -> Bool {
      text == value || isSize && Heap.bytes(text) == Heap.bytes(value)
    }
  }

  private func setting(_ settings: [Setting]) throws(JVMOptionsError) -> [UInt8] {
    if let line = invalidLines.first { throw .invalid(line: line) }
    for line in lines { try check(line, settings.map(\.flag)) }
    var result = source
    var missing: [String] = []
    for setting in settings {
      try Self.check(setting.value)
      guard setting.isAdded, !hasUnconditional(setting.flag) else { continue }
      missing.append(setting.flag.names[0] + setting.value)
    }
    // From the end, so that the ranges before stay true.
    for line in lines.reversed() {
      guard case .option(let text, _, let range) = line.content else { continue }
      for setting in settings {
        guard let name = setting.flag.name(of: text) else { continue }
        let start = range.lowerBound + name.utf8.count
        let end = source[start..<range.upperBound].firstIndex(where: Self.isBlank)
        let place = start..<(end ?? range.upperBound)
        guard !setting.isSaid(by: String(decoding: source[place], as: UTF8.self)) else { break }
        result.replaceSubrange(place, with: setting.value.utf8)
        break
      }
    }
    return missing.isEmpty ? result : appending(missing, to: result)
  }

  private func hasUnconditional(_ flag: JVMFlag) -> Bool {
    lines.contains { line in
      guard case .option(let text, nil, _) = line.content else { return false }
      return flag.name(of: text) != nil
    }
  }

  /// A second option behind a blank would stay unseen.
  private func check(_ line: JVMLine, _ flags: [JVMFlag]) throws(JVMOptionsError) {
    guard case .option(let text, _, _) = line.content else { return }
    let words = text.utf8.split(whereSeparator: Self.isBlank).map {
      String(decoding: $0, as: UTF8.self)
    }
    let ours = words.filter { word in flags.contains { $0.name(of: word) != nil } }
    if words.count > 1, !ours.isEmpty { throw .several(line: line.number) }
  }

  private func appending(_ lines: [String], to bytes: [UInt8]) -> [UInt8] {
    let feed = bytes.firstIndex(of: Self.feed)
    let isPair = feed.map { $0 > 0 && bytes[$0 - 1] == Self.carriage } ?? false
    let newline = isPair ? "\r\n" : "\n"
    let text = lines.joined(separator: newline)
    guard let last = bytes.last, last != Self.feed, last != Self.carriage else {
      return bytes + Array((text + newline).utf8)
    }
    return bytes + Array((newline + text).utf8)
  }

  static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  static func check(_ value: String) throws(JVMOptionsError) {
    guard !value.isEmpty, value.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
      throw .unusable(value: value)
    }
  }

  /// What is said of a folder for diagnostics; `%p` is the process.
  static func diagnostics(in folder: String) -> [(JVMFlag, String)] {
    let parent = folder + (folder.hasSuffix("/") ? "" : "/")
    return [
      (.heapDumpPath, folder), (.errorFile, parent + "hs_err_pid%p.log"),
      (.replayFile, parent + "replay_pid%p.log"),
    ]
  }
}
