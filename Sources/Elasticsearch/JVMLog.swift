/// Where a line of options names the file of a log of Java's: `-Xloggc:FILE` for Java 8, and
/// `-Xlog:WHAT:file=FILE:…` since Java 9, in which `file=` may be missing.
enum JVMLog {
  /// The place of the file's name among the bytes of an option, nil if it names none.
  static func file(in option: Substring.UTF8View) -> Range<String.Index>? {
    let text = Substring(option)
    if text.utf8.starts(with: "-Xloggc:".utf8) {
      return text.utf8.index(text.startIndex, offsetBy: 8)..<text.endIndex
    }
    guard text.utf8.starts(with: "-Xlog:".utf8) else { return nil }
    let parts = option.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.count > 2, let output = parts.dropFirst(2).first else { return nil }
    if ["", "stdout", "stderr"].contains(where: { output.elementsEqual($0.utf8) }) { return nil }
    let name = output.starts(with: "file=".utf8) ? output.dropFirst(5) : output
    return name.startIndex..<name.endIndex
  }
}

extension JVMOptions {
  /// The files to which Java writes logs, as written, in the order of the options.
  package func logFiles(javaMajor: Int?) -> [String] {
    options(javaMajor: javaMajor).compactMap { option in
      JVMLog.file(in: option[...].utf8).map { String(option[$0]) }
    }
  }

  /// The file with the garbage collector's log going to another file, for Elasticsearch before 7.7.
  ///
  /// Where no option names a log nothing is added: Java writes none then.
  package func settingGCLog(_ file: String) throws(JVMOptionsError) -> [UInt8] {
    if let line = invalidLines.first { throw .invalid(line: line) }
    try Self.checkLogFile(file)
    var result = source
    for line in lines.reversed() {
      guard case .option(let option, _, let range) = line.content,
        let name = JVMLog.file(in: option[...].utf8)
      else { continue }
      guard !option.utf8.contains(where: { [0x20, 0x09, 0x22].contains($0) }),
        option.utf8.count == range.count
      else { throw .several(line: line.number) }
      let start =
        range.lowerBound + option.utf8.distance(from: option.startIndex, to: name.lowerBound)
      let length = option.utf8.distance(from: name.lowerBound, to: name.upperBound)
      result.replaceSubrange(start..<(start + length), with: file.utf8)
    }
    return result
  }
}
