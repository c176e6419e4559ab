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
  /// line sets it for all versions one is added at the end. Every other byte survives.
  package func settingHeap(_ bytes: UInt64) throws(JVMOptionsError) -> [UInt8] {
    let text = Heap.text(bytes)
    return try setting([(.initialHeap, text), (.maximumHeap, text)])
  }

  /// The file with heap dumps and crash reports going to a folder.
  package func settingDiagnostics(_ folder: String) throws(JVMOptionsError) -> [UInt8] {
    try setting([(.heapDumpPath, folder), (.errorFile, Self.errorFile(in: folder))])
  }

  private func setting(_ flags: [(JVMFlag, String)]) throws(JVMOptionsError) -> [UInt8] {
    if let line = invalidLines.first { throw .invalid(line: line) }
    var result = source
    var missing: [String] = []
    for line in lines { try check(line, flags.map(\.0)) }
    for (flag, value) in flags {
      try Self.check(value)
      if !hasUnconditional(flag) { missing.append(flag.names[0] + value) }
    }
    // From the end, so that the ranges before stay true.
    for line in lines.reversed() {
      guard case .option(let text, _, let range) = line.content else { continue }
      for (flag, value) in flags {
        guard let name = flag.name(of: text) else { continue }
        let start = range.lowerBound + name.utf8.count
        let end = source[start..<range.upperBound].firstIndex(where: Self.isBlank)
        result.replaceSubrange(start..<(end ?? range.upperBound), with: value.utf8)
      }
    }
    return missing.isEmpty ? result : appending(missing, to: result)
  }

  private func hasUnconditional(_ flag: JVMFlag) -> Bool {
    lines.contains { line in
      guard case .option(let text, nil, _) = line.content, let name = flag.name(of: text) else {
        return false
      }
      // A least heap alone sets no initial one.
      return name != "-XX:MinHeapSize="
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

  static func errorFile(in folder: String) -> String {
    folder + (folder.hasSuffix("/") ? "" : "/") + "hs_err_pid%p.log"
  }
}
