/// An option with a value, under each of the names that Java knows for it; the first is written.
struct JVMFlag: Equatable, Sendable {
  let names: [String]

  /// `-ms` and `-mx` are older spellings, which Java's launcher still takes. What the percentages and
  /// fractions of the memory say (`-XX:MaxRAMPercentage=`) counts only beside none of these. All of it
  /// run with OpenJDK 17, `-XX:+PrintFlagsFinal`.
  static let initialHeap = JVMFlag(names: ["-Xms", "-ms", "-XX:InitialHeapSize="])
  static let maximumHeap = JVMFlag(names: ["-Xmx", "-mx", "-XX:MaxHeapSize="])
  /// `-Xms` sets the least heap too, and a least heap above the greatest stops Java.
  static let leastHeap = JVMFlag(names: ["-XX:MinHeapSize=", "-Xms", "-ms"])
  /// What makes the greatest size a share of the memory, where it is not given itself. Of `-XX:MaxRAM=`
  /// Java takes a quarter, `-XX:+AggressiveHeap` takes half.
  static let heapShare = JVMFlag(names: [
    "-XX:MaxRAMPercentage=", "-XX:MaxRAMFraction=", "-XX:MaxRAM=", "-XX:+AggressiveHeap",
  ])
  /// A file of further options, which count where it is named (run with OpenJDK 17).
  static let furtherOptions = JVMFlag(names: ["-XX:VMOptionsFile=", "@"])
  static let heapDumpPath = JVMFlag(names: ["-XX:HeapDumpPath="])
  static let errorFile = JVMFlag(names: ["-XX:ErrorFile="])
  /// What the compiler was at when it crashed.
  static let replayFile = JVMFlag(names: ["-XX:ReplayDataFile="])
  static let temporaryFolder = JVMFlag(names: ["-Djava.io.tmpdir="])
  static let totalMemory = JVMFlag(names: ["-Des.total_memory_bytes="])

  /// Where Java writes what holds documents, when it fails.
  static let diagnostics = [heapDumpPath, errorFile, replayFile]

  /// The name that an option begins with, byte by byte: Swift takes an equals sign and an accent behind
  /// it for one character, and Java does not.
  func name(of option: String) -> String? {
    names.first { option.utf8.starts(with: $0.utf8) }
  }

  func value(in options: [String]) -> String? {
    guard let last = options.last(where: { name(of: $0) != nil }), let name = name(of: last) else {
      return nil
    }
    let value = last.utf8.dropFirst(name.utf8.count)
    return String(decoding: value.prefix { !JVMOptions.isBlank($0) }, as: UTF8.self)
  }
}
