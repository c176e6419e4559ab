import Elasticsearch

/// What holds for every `jvm.options`.
enum JVMOptionsProperties {
  private static let folder = "/srv/new/diagnostics"
  private static let log = "/srv/new/gc.log"
  private static let heap: UInt64 = 2 << 30
  /// Of Java: some that ranges in real files begin or end with.
  private static let versions = [8, 9, 11, 17, 25]

  static func check(_ input: [UInt8]) throws(BrokenProperty) {
    let before = JVMOracle(input)
    let options = JVMOptions.parse(input)
    try demand(options.invalidLines == before.invalidLines, "the invalid lines are those of Java's")
    for version in versions {
      let texts = before.options(java: version).map { String(decoding: $0, as: UTF8.self) }
      try demand(
        options.options(javaMajor: version).elementsEqual(texts) { $0.utf8.elementsEqual($1.utf8) },
        "the options for Java \(version) are those of Java's")
    }
    try checkHeap(options, before)
    try checkDiagnostics(options, before)
    try checkLog(options, before)
  }

  private static func checkHeap(
    _ options: JVMOptions, _ before: JVMOracle
  ) throws(BrokenProperty) {
    func set(_ options: JVMOptions) throws(JVMOptionsError) -> [UInt8] {
      try options.settingHeap(heap)
    }
    let initial = ["-Xms", "-ms", "-XX:InitialHeapSize="]
    let maximum = ["-Xmx", "-mx", "-XX:MaxHeapSize="]
    let flags = initial + maximum + ["-XX:MinHeapSize="]
    guard let after = try edited(options, before, flags, set) else { return }
    for version in versions {
      for names in [initial, maximum] {
        let value = after.value(of: names, java: version)
        try demand(value.flatMap(Heap.bytes) == heap, "\(names[0]) is set for Java \(version)")
      }
    }
  }

  private static func checkDiagnostics(
    _ options: JVMOptions, _ before: JVMOracle
  ) throws(BrokenProperty) {
    func set(_ options: JVMOptions) throws(JVMOptionsError) -> [UInt8] {
      try options.settingDiagnostics(folder)
    }
    let flags = ["-XX:HeapDumpPath=", "-XX:ErrorFile=", "-XX:ReplayDataFile="]
    guard let after = try edited(options, before, flags, set) else { return }
    for version in versions {
      let path = after.value(of: ["-XX:HeapDumpPath="], java: version)
      try demand(path == folder, "heap dumps go to the folder for Java \(version)")
      let file = after.value(of: ["-XX:ErrorFile="], java: version)
      try demand(file?.hasPrefix(folder + "/") == true, "reports go to the folder")
    }
  }

  private static func checkLog(
    _ options: JVMOptions, _ before: JVMOracle
  ) throws(BrokenProperty) {
    func set(_ options: JVMOptions) throws(JVMOptionsError) -> [UInt8] {
      try options.settingGCLog(log)
    }
    guard let after = try edited(options, before, ["-Xlog", "-Xloggc:"], set) else { return }
    for version in versions {
      for option in after.options(java: version) {
        guard let file = logFile(option) else { continue }
        try demand(file.elementsEqual(log.utf8), "each log goes to the file for Java \(version)")
      }
    }
  }

  /// The file of `-Xloggc:FILE` and of `-Xlog:WHAT:FILE:…`, which may have `file=` in front.
  private static func logFile(_ option: [UInt8]) -> ArraySlice<UInt8>? {
    let old = Array("-Xloggc:".utf8)
    if option.starts(with: old) { return option[old.count...] }
    guard option.starts(with: "-Xlog:".utf8) else { return nil }
    let parts = option.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.count > 2,
      !["", "stdout", "stderr"].contains(where: { parts[2].elementsEqual($0.utf8) })
    else { return nil }
    return parts[2].starts(with: "file=".utf8) ? parts[2].dropFirst(5) : parts[2]
  }

  /// Makes an edit and checks what holds for all: a refusal of what Elasticsearch would not accept, all
  /// other lines as they were, and the same once more. Nil if it is refused.
  private static func edited(
    _ options: JVMOptions, _ before: JVMOracle, _ flags: [String],
    _ set: (JVMOptions) throws(JVMOptionsError) -> [UInt8]
  ) throws(BrokenProperty) -> JVMOracle? {
    let bytes: [UInt8]
    do {
      bytes = try set(options)
    } catch {
      if let first = before.invalidLines.first {
        try demand(error == .invalid(line: first), "the first invalid line is named")
      }
      _ = error.description
      return nil
    }
    try demand(before.invalidLines.isEmpty, "nothing is changed beside an invalid line")
    let after = JVMOracle(bytes)
    try demand(after.invalidLines.isEmpty, "an edit makes no line invalid")
    try demand(after.lines.count >= before.lines.count, "no line is lost")
    for (place, (old, new)) in zip(before.lines, after.lines).enumerated() {
      let isLast = place + 1 == before.lines.count
      // The last line may get an end, behind which others are added.
      let isSame = new.bytes == old.bytes || isLast && new.bytes.starts(with: old.bytes)
      try demand(
        isSame && new.meaning == old.meaning || new.differsFrom(old, inValueOf: flags),
        "line \(place + 1) is left as it was, or has another value")
    }
    for new in after.lines.dropFirst(before.lines.count) {
      try demand(new.isAbout(flags), "only what was asked for is added")
    }
    let again = try? set(JVMOptions.parse(bytes))
    try demand(again == bytes, "the same edit once more changes nothing")
    return after
  }
}

extension JVMOracle.Line {
  fileprivate func isAbout(_ flags: [String]) -> Bool {
    guard case .option(let option, _) = meaning else { return false }
    return flags.contains { option.starts(with: $0.utf8) }
  }

  fileprivate func differsFrom(_ old: JVMOracle.Line, inValueOf flags: [String]) -> Bool {
    guard case .option(let option, let java) = meaning,
      case .option(let before, let javaBefore) = old.meaning
    else { return false }
    let hasSameFlag = flags.contains {
      option.starts(with: $0.utf8) && before.starts(with: $0.utf8)
    }
    return hasSameFlag && java == javaBefore
  }
}

extension JVMOracle {
  /// The value that counts of an option that has several names: the last one's.
  fileprivate func value(of names: [String], java: Int) -> String? {
    for option in options(java: java).reversed() {
      guard let name = names.first(where: { option.starts(with: $0.utf8) }) else { continue }
      let value = option.dropFirst(name.utf8.count).prefix { $0 != 32 && $0 != 9 }
      return String(decoding: value, as: UTF8.self)
    }
    return nil
  }
}
