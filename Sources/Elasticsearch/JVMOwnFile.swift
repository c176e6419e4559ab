extension JVMOptions {
  /// Where the options go for Elasticsearch 7.7 and later: the files of `jvm.options.d` are read after
  /// `jvm.options`, sorted by name, and the later option counts.
  package static let ownFileName = "zz-esvault.options"

  /// What that file says; nil for what is left as it is.
  ///
  /// The folder for heap dumps and crash reports, and the file of the garbage collector's log, should
  /// be on the volume and outside path.data, which Elasticsearch keeps to itself.
  package static func ownFile(_ wishes: JVMWishes) throws(JVMOptionsError) -> [UInt8] {
    var lines = [
      "# Written by esvault, which writes it anew: put options of your own into another file.",
      "# Options in a file whose name sorts after this one win over these.",
    ]
    if let heap = wishes.heap {
      lines += ["-Xms", "-Xmx"].map { $0 + Heap.text(heap) }
    }
    if let folder = wishes.diagnostics {
      try check(folder)
      lines.append("# A heap dump holds documents: it stays on the encrypted volume.")
      lines += diagnostics(in: folder).map { $0.names[0] + $1 }
    }
    if let file = wishes.gcLog {
      lines.append("# Logs and temporary files stay there as well.")
      lines += try gcLogLines(file) + [withoutPerformanceFile]
    }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  /// Java adds a log to those before, so they are switched off first (Elastic documentation, "GC
  /// logging settings"). Java 8 knows another option, and the later one counts.
  private static func gcLogLines(_ file: String) throws(JVMOptionsError) -> [String] {
    try checkLogFile(file)
    return [
      "8:-Xloggc:\(file)",
      "9-:-Xlog:disable",
      "9-:-Xlog:all=warning:stderr:utctime,level,tags",
      "9-:-Xlog:gc*,gc+age=trace,safepoint:file=\(file):utctime,level,pid,tags"
        + ":filecount=32,filesize=64m",
    ]
  }

  /// A colon would end the name of the file.
  static func checkLogFile(_ file: String) throws(JVMOptionsError) {
    try check(file)
    guard !file.utf8.contains(UInt8(ascii: ":")), !file.utf8.contains(UInt8(ascii: "\"")) else {
      throw .unusable(value: file)
    }
  }
}
