import Testing

@testable import Elasticsearch

@Suite struct JVMOptionsTests {
  private func options(_ text: String) -> JVMOptions { JVMOptions.parse(Array(text.utf8)) }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  private func withHeap(_ source: String, gibibytes: UInt64 = 15) throws -> String {
    text(try options(source).settingHeap(gibibytes * Heap.gibibyte))
  }

  @Test func aLineIsACommentAnOptionOrInvalid() {
    let lines = """
      # comment

        \t
      -Xms1g
      8:-Xa
      8-:-Xb
      8-9:-Xc
       -Xms1g
       # x
      8: -Xms1g
      8 :-X
      Xms1g
      9-8:-X
      :-X
      -8:-X
      """
    #expect(options(lines).invalidLines == [8, 9, 10, 11, 12, 13, 14])
    #expect(options(lines).options(javaMajor: 8) == ["-Xms1g", "-Xa", "-Xb", "-Xc", "-8:-X"])
    #expect(options(lines).options(javaMajor: 9) == ["-Xms1g", "-Xb", "-Xc", "-8:-X"])
    #expect(options(lines).options(javaMajor: 17) == ["-Xms1g", "-Xb", "-8:-X"])
    #expect(options("99999999999999999999:-X").invalidLines == [1])
  }

  @Test(arguments: ["\u{85}", "\u{2028}", "\u{2029}"])
  func whatJavasDotDoesNotMatchMakesALineInvalid(_ separator: String) {
    #expect(options("-Xms1g\n-Da=b\(separator)c\n-Db=\(separator)").invalidLines == [2, 3])
    #expect(options("# \(separator)\n-Da=\u{E9}\u{2027}").invalidLines.isEmpty)
  }

  private func heap(_ text: String, java: Int? = nil) -> JVMHeap {
    JVMHeap(options: options(text).options(javaMajor: java))
  }

  @Test func theLaterOptionCounts() {
    let text = "-Xms1g\n-Xmx1g\r\n9-:-Xmx2g\r-XX:InitialHeapSize=3g  \n"
    let gib = Heap.gibibyte
    #expect(heap(text, java: 8) == JVMHeap(initial: 3 * gib, maximum: gib))
    #expect(heap(text, java: 11) == JVMHeap(initial: 3 * gib, maximum: 2 * gib))
    #expect(heap(text) == JVMHeap(initial: 3 * gib, maximum: 2 * gib))
    #expect(heap("# -Xmx1g\n") == JVMHeap())
  }

  @Test func everyNameOfTheHeapIsKnown() {
    let gib = Heap.gibibyte
    #expect(heap("-Xms1g\n-Xmx1g\n-ms2g\n-mx3g\n") == JVMHeap(initial: 2 * gib, maximum: 3 * gib))
    #expect(heap("-Xmx1g\n-XX:MaxHeapSize=1073741824\n").maximum == gib)
    // The least heap is no initial one, nor is the size of its young part, or a part of the memory.
    #expect(heap("-XX:MinHeapSize=1g\n-Xmn1g\n-XX:MaxRAMPercentage=50\n") == JVMHeap())
  }

  @Test(arguments: [
    ("# heap\n-Xms1g\n-Xmx1g\n\n-XX:+UseG1GC\n", "# heap\n-Xms15g\n-Xmx15g\n\n-XX:+UseG1GC\n"),
    ("-Xms1g\r\n-Xmx512m  \r\n", "-Xms15g\r\n-Xmx15g  \r\n"),
    ("-Xms1g\n-Xmx1g", "-Xms15g\n-Xmx15g"),
    ("-Xms1g\n8-:-Xmx2g\n-Xmx1g\n-Xmx3g\n", "-Xms15g\n8-:-Xmx15g\n-Xmx15g\n-Xmx15g\n"),
    ("8-:-Xms1g\n8-:-Xmx2g\n", "8-:-Xms15g\n8-:-Xmx15g\n-Xms15g\n-Xmx15g\n"),
    (
      "-XX:InitialHeapSize=1g\n-XX:MaxHeapSize=1g\n",
      "-XX:InitialHeapSize=15g\n-XX:MaxHeapSize=15g\n"
    ),
    ("-XX:MinHeapSize=1g\n-Xmx1g\n", "-XX:MinHeapSize=15g\n-Xmx15g\n-Xms15g\n"),
    ("", "-Xms15g\n-Xmx15g\n"), ("#-Xms1g\r\n", "#-Xms1g\r\n-Xms15g\r\n-Xmx15g\r\n"),
    ("#-Xms1g", "#-Xms1g\n-Xms15g\n-Xmx15g"), ("-Xmx1g\n", "-Xmx15g\n-Xms15g\n"),
    ("-Xms\n-Xmx\n", "-Xms15g\n-Xmx15g\n"), ("-Xms15360m\n-Xmx15G\n", "-Xms15360m\n-Xmx15G\n"),
    ("-ms1g\n-mx2g\n", "-ms15g\n-mx15g\n"), ("-Da=b\r", "-Da=b\r-Xms15g\n-Xmx15g\n"),
    ("# \u{FC}\n-Dx=\u{E9}\n-Xms1g\n-Xmx1g\n", "# \u{FC}\n-Dx=\u{E9}\n-Xms15g\n-Xmx15g\n"),
  ])
  func onlyHeapValuesChangeInJvmOptions(_ before: String, _ after: String) throws {
    #expect(try withHeap(before) == after)
    #expect(try withHeap(after) == after)
  }

  @Test func aHeapThatWasSetIsTheHeapForEveryJava() throws {
    for source in ["8:-Xmx1g\n9-:-Xms2g\n", "-Xmx1g\n8:-Xmx3g\n", ""] {
      let after = options(try withHeap(source))
      for java in [7, 8, 9, 21] {
        let heap = JVMHeap(options: after.options(javaMajor: java))
        #expect(heap == JVMHeap(initial: 15 * Heap.gibibyte, maximum: 15 * Heap.gibibyte))
      }
    }
  }

  @Test func bytesThatAreNoTextSurvive() throws {
    let source = [0x23, 0xFF, 0xC3, 0x0A] + Array("-Xms1g\n-Xmx1g\n".utf8)
    #expect(
      try JVMOptions.parse(source).settingHeap(2 * Heap.gibibyte)
        == [0x23, 0xFF, 0xC3, 0x0A] + Array("-Xms2g\n-Xmx2g\n".utf8))
  }

  @Test func anAccentBehindTheNameOfAnOptionIsPartOfItsValue() throws {
    let source = "-XX:HeapDumpPath=/a\n-XX:HeapDumpPath=\u{301}b \u{301}\n"
    let all = options(source).options(javaMajor: nil)
    #expect(JVMFlag.heapDumpPath.value(in: all) == "\u{301}b")
    #expect(throws: JVMOptionsError.several(line: 2)) {
      try options(source).settingDiagnostics("/c")
    }
    let after = try options("-XX:ErrorFile=\u{301}b\n").settingDiagnostics("/c")
    #expect(text(after).hasPrefix("-XX:ErrorFile=/c/hs_err_pid%p.log\n-XX:HeapDumpPath=/c\n"))
  }

  @Test func linesThatNobodyUnderstandsAreRefused() {
    #expect(throws: JVMOptionsError.several(line: 2)) { try withHeap("#\n-Xms1g -Xmx1g\n") }
    #expect(throws: JVMOptionsError.several(line: 1)) { try withHeap("-Da=b\t-Xmx1g\n") }
    #expect(throws: JVMOptionsError.invalid(line: 2)) { try withHeap("-Xms1g\n -Xmx1g\n") }
  }

  @Test func diagnosticsMoveToAnotherFolder() throws {
    let source =
      "-XX:HeapDumpPath=/var/lib/elasticsearch\n-XX:ErrorFile=/var/log/e/hs_%p.log\n-Xmx1g\n"
    let after = text(try options(source).settingDiagnostics("/mnt/es/diagnostics"))
    #expect(
      after
        == "-XX:HeapDumpPath=/mnt/es/diagnostics\n"
        + "-XX:ErrorFile=/mnt/es/diagnostics/hs_err_pid%p.log\n-Xmx1g\n"
        + "-XX:ReplayDataFile=/mnt/es/diagnostics/replay_pid%p.log\n")
    #expect(text(try options(after).settingDiagnostics("/mnt/es/diagnostics")) == after)
  }

  @Test(arguments: ["", "/a b", "/a\n-XX:OnError=x", "/a\tb"])
  func foldersThatWouldEndTheOptionAreRefused(_ folder: String) {
    #expect(throws: JVMOptionsError.unusable(value: folder)) {
      try options("").settingDiagnostics(folder)
    }
    #expect(throws: JVMOptionsError.unusable(value: folder)) {
      try JVMOptions.ownFile(JVMWishes(diagnostics: folder))
    }
  }

  @Test func theOwnFileSaysWhoWroteItAndReadsBack() throws {
    let file = try JVMOptions.ownFile(
      JVMWishes(heap: 15 * Heap.gibibyte, diagnostics: "/mnt/es/diagnostics/"))
    #expect(
      text(file) == """
        # Written by esvault, which writes it anew: put options of your own into another file.
        # Options in a file whose name sorts after this one win over these.
        -Xms15g
        -Xmx15g
        # A heap dump holds documents: it stays on the encrypted volume.
        -XX:HeapDumpPath=/mnt/es/diagnostics/
        -XX:ErrorFile=/mnt/es/diagnostics/hs_err_pid%p.log
        -XX:ReplayDataFile=/mnt/es/diagnostics/replay_pid%p.log

        """)
    #expect(JVMOptions.parse(file).invalidLines.isEmpty)
    let keep = JVMOptions.parse(try JVMOptions.ownFile(JVMWishes()))
    #expect(keep.options(javaMajor: nil).isEmpty)
  }

  @Test func theGCLogMovesWhicheverJavaItIsFor() throws {
    let before = """
      8:-XX:+PrintGCDetails
      8:-Xloggc:/var/log/elasticsearch/gc.log
      9-:-Xlog:gc*,gc+age=trace,safepoint:file=/var/log/elasticsearch/gc.log:utctime,pid:filecount=32
      11-:-Xlog:gc:logs/gc.log
      -Xlog:all=warning:stderr:utctime
      -Xlog:disable
      -Xlog:gc
      """
    #expect(options(before).logFiles(javaMajor: 8) == ["/var/log/elasticsearch/gc.log"])
    #expect(
      options(before).logFiles(javaMajor: 11) == ["/var/log/elasticsearch/gc.log", "logs/gc.log"])
    #expect(
      text(try options(before).settingGCLog("/mnt/es/logs/gc.log")) == """
        8:-XX:+PrintGCDetails
        8:-Xloggc:/mnt/es/logs/gc.log
        9-:-Xlog:gc*,gc+age=trace,safepoint:file=/mnt/es/logs/gc.log:utctime,pid:filecount=32
        11-:-Xlog:gc:/mnt/es/logs/gc.log
        -Xlog:all=warning:stderr:utctime
        -Xlog:disable
        -Xlog:gc
        """)
    #expect(text(try options("-Xmx1g\r\n").settingGCLog("/l")) == "-Xmx1g\r\n")
  }

  @Test func logsThatCannotBeMovedSafelyAreRefused() {
    #expect(throws: JVMOptionsError.several(line: 1)) {
      try options("-Xloggc:/a -Xmx1g\n").settingGCLog("/l")
    }
    #expect(throws: JVMOptionsError.several(line: 1)) {
      try options("-Xlog:gc:file=\"/a\"\n").settingGCLog("/l")
    }
    #expect(throws: JVMOptionsError.unusable(value: "/a:b")) {
      try options("").settingGCLog("/a:b")
    }
    #expect(throws: JVMOptionsError.unusable(value: "/a:b")) {
      try JVMOptions.ownFile(JVMWishes(gcLog: "/a:b"))
    }
  }

  @Test func theOwnFileMovesTheGCLogOnEveryJava() throws {
    let own = JVMOptions.parse(
      try JVMOptions.ownFile(JVMWishes(gcLog: "/mnt/es/logs/gc.log")))
    #expect(own.options(javaMajor: nil).contains("-XX:+PerfDisableSharedMem"))
    #expect(own.invalidLines.isEmpty)
    for java in [8, 11, 21] { #expect(own.logFiles(javaMajor: java) == ["/mnt/es/logs/gc.log"]) }
  }
}
