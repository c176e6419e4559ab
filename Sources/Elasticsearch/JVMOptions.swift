/// A `jvm.options`, or a file of `jvm.options.d`: the options of Elasticsearch's Java machine.
package struct JVMOptions: Equatable, Sendable {
  let source: [UInt8]
  let lines: [JVMLine]

  /// Reads a file. There is no text that cannot be read; see `invalidLines`.
  package static func parse(_ bytes: [UInt8]) -> JVMOptions {
    var lines: [JVMLine] = []
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex { $0 == carriage || $0 == feed } ?? bytes.count
      lines.append(JVMLine(number: lines.count + 1, bytes[start..<end]))
      let isPair = end + 1 < bytes.count && bytes[end] == carriage && bytes[end + 1] == feed
      start = end + (isPair ? 2 : 1)
    }
    return JVMOptions(source: bytes, lines: lines)
  }

  /// The lines on which Elasticsearch refuses to start, counted from 1.
  package var invalidLines: [Int] {
    lines.filter { $0.content == .invalid }.map(\.number)
  }

  /// The options that apply to a major version of Java, in their order; where it is not known, those
  /// for some versions only are taken to apply.
  package func options(javaMajor: Int?) -> [String] {
    lines.compactMap { line in
      guard case .option(let text, let java, _) = line.content else { return nil }
      if let javaMajor, let java, !java.contains(javaMajor) { return nil }
      return text
    }
  }

  static let carriage = UInt8(ascii: "\r")
  static let feed = UInt8(ascii: "\n")
}

extension JVMOptions {
  /// The heap sizes as written, nil where none is. The later of two options counts, as in Java.
  package func heap(javaMajor: Int?) -> (initial: String?, maximum: String?) {
    let options = options(javaMajor: javaMajor)
    return (
      JVMFlag.initialHeap.value(in: options), JVMFlag.maximumHeap.value(in: options)
    )
  }

  /// The folder (or file) for heap dumps as written.
  package func heapDumpPath(javaMajor: Int?) -> String? {
    JVMFlag.heapDumpPath.value(in: options(javaMajor: javaMajor))
  }

  /// The file for the report of a crash as written.
  package func errorFile(javaMajor: Int?) -> String? {
    JVMFlag.errorFile.value(in: options(javaMajor: javaMajor))
  }
}

/// An option with a value, under each of the names that Java knows for it; the first is written.
struct JVMFlag: Equatable, Sendable {
  let names: [String]

  /// `-Xms` sets the least heap too, and a least heap above the greatest stops Java.
  static let initialHeap = JVMFlag(
    names: ["-Xms", "-XX:InitialHeapSize=", "-XX:MinHeapSize="])
  static let maximumHeap = JVMFlag(names: ["-Xmx", "-XX:MaxHeapSize="])
  static let heapDumpPath = JVMFlag(names: ["-XX:HeapDumpPath="])
  static let errorFile = JVMFlag(names: ["-XX:ErrorFile="])

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
