extension Check {
  /// `-XX:HeapDumpPath` where Java is told to dump its heap, `-XX:ErrorFile`, and `-XX:ReplayDataFile`;
  /// by default where Java works: in Elasticsearch's home, and since 8.19 and 9.1 in path.logs
  /// (elastic/elasticsearch#124966). The packages up to 8.18 name `/var/lib/elasticsearch`, wherever
  /// path.data is.
  static let heapDumps = Check(
    "heap-dumps", .error, "Heap dumps and crash reports go behind LUKS.",
    reason: "A heap dump holds everything that was in memory: documents, queries, passwords, keys.",
    controls: [.protectionAtRest]
  ) { facts in
    facts.observations(of: .heapDumps, .errorFiles) { _ in
      "Let them go to the volume: esvault provision"
    }
  }
}
