/// Where Java writes what is not Elasticsearch's data, as its options say; nil where none says it.
package struct JVMDestinations: Equatable, Sendable {
  package private(set) var heapDump: JVMOption?
  package private(set) var errorFile: JVMOption?
  package private(set) var replayFile: JVMOption?
  package private(set) var temporary: JVMOption?
  /// The files of `-Xlog:`, to which each adds one.
  private var unifiedLogs: [JVMOption] = []
  /// That of `-Xloggc:`, of which the last counts.
  private var oldLog: JVMOption?
  private var dumps: Set<String> = []

  /// Whether Java writes its whole heap to a file: when it runs out of memory, or around a full
  /// collection of garbage.
  package var dumpsHeap: Bool { !dumps.isEmpty }
  package var logs: [JVMOption] { (oldLog.map { [$0] } ?? []) + unifiedLogs }

  /// What options come to, in the order in which Java reads them.
  package init(_ options: [JVMOption]) {
    for option in options { read(option) }
  }

  /// What the command line of a running Java comes to.
  package init(commandLine: [String], place: String) {
    self.init(commandLine.map { JVMOption(text: $0, place: place) })
  }

  private mutating func read(_ option: JVMOption) {
    readDump(option.text)
    heapDump = JVMFlag.heapDumpPath.given(by: option) ?? heapDump
    errorFile = JVMFlag.errorFile.given(by: option) ?? errorFile
    replayFile = JVMFlag.replayFile.given(by: option) ?? replayFile
    temporary = JVMFlag.temporaryFolder.given(by: option) ?? temporary
    // Java then forgets the logs before (JDK documentation of 'java', "Enable Logging with the JVM
    // Unified Logging Framework"); the one of -Xloggc it adds at the end (read in the source of 17).
    if option.text == "-Xlog:disable" || option.text == "-Xlog:disable:" { unifiedLogs = [] }
    guard let range = JVMLog.file(in: option.text[...].utf8) else { return }
    let log = JVMOption(text: String(option.text[range]).unquoted, place: option.place)
    if option.text.utf8.starts(with: "-Xloggc:".utf8) {
      oldLog = log
    } else {
      unifiedLogs.append(log)
    }
  }

  private mutating func readDump(_ option: String) {
    for name in ["HeapDumpOnOutOfMemoryError", "HeapDumpBeforeFullGC", "HeapDumpAfterFullGC"] {
      if option == "-XX:+\(name)" { dumps.insert(name) }
      if option == "-XX:-\(name)" { dumps.remove(name) }
    }
  }
}

extension JVMConfiguration {
  /// What the options come to for each version of Java that tells them apart, without repetition.
  ///
  /// - Parameter oldestJava: the least major version that Elasticsearch may run with.
  package func destinations(oldestJava: Int) -> [JVMDestinations] {
    let ranges = files.flatMap(\.options.javaRanges)
    let turns = ranges.flatMap { [$0.lowerBound, $0.upperBound == .max ? 0 : $0.upperBound + 1] }
    let versions = Set(turns + [oldestJava]).filter { $0 >= oldestJava }.sorted()
    return versions.reduce(into: []) { found, version in
      let destinations = JVMDestinations(options(java: version))
      if !found.contains(destinations) { found.append(destinations) }
    }
  }
}

extension ElasticsearchVersion {
  /// The least major version of Java that it runs with (Elastic documentation, "Support Matrix").
  package var oldestJava: Int {
    guard product == .elasticsearch else { return 8 }
    return major >= 9 ? 21 : major == 8 ? 17 : 8
  }

  /// Whether Java works in path.logs, and not in Elasticsearch's home (elastic/elasticsearch#124966;
  /// read in the source of 9.5, not run).
  package var worksInLogs: Bool {
    guard product == .elasticsearch else { return false }
    let since = major == 8 ? ElasticsearchVersion(8, 19, 0) : ElasticsearchVersion(9, 1, 0)
    return self >= since
  }
}

extension JVMFlag {
  /// The option's value, and where it stands; nil for another option.
  fileprivate func given(by option: JVMOption) -> JVMOption? {
    value(in: [option.text]).map { JVMOption(text: $0, place: option.place) }
  }
}

extension String {
  /// Java takes the quotes around a file's name away.
  fileprivate var unquoted: String {
    guard utf8.count > 1, utf8.first == UInt8(ascii: "\""), utf8.last == UInt8(ascii: "\"") else {
      return self
    }
    return String(dropFirst().dropLast())
  }
}
