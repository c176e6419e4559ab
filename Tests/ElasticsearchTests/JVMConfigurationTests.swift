import Testing

@testable import Elasticsearch

/// Which option counts, and where it stands.
@Suite struct JVMConfigurationTests {
  private let gib = Heap.gibibyte
  private let own = "/es/jvm.options.d/zz-esvault.options"

  private func configuration(
    _ files: [(String, String)], _ variables: [(String, String)] = []
  ) -> JVMConfiguration {
    JVMConfiguration(
      files: files.map { .init(path: "/es/\($0)", .parse(Array($1.utf8))) },
      variables: variables.map { .init(name: $0, value: $1, place: "/etc/default/es:3") })
  }

  private func contradiction(
    _ configuration: JVMConfiguration, _ wishes: JVMWishes
  ) throws -> JVMContradiction? {
    let written = configuration.replacing(own, with: try JVMOptions.ownFile(wishes))
    return written.contradiction(to: wishes, in: own) { $0.hasPrefix("/mnt/es/") }
  }

  @Test func onlyFilesWithTheSuffixAreReadInTheOrderOfTheirBytes() {
    let names = ["zz.options", "A.options", "a.options.rpmsave", "b.txt", ".options", "a.options"]
    #expect(
      JVMConfiguration.readFiles(among: names) == [
        ".options", "A.options", "a.options", "zz.options",
      ])
  }

  @Test func everyOptionHasItsPlace() {
    let options = configuration(
      [("jvm.options", "# x\n-Xms1g\r\n8-:-Xmx1g\n"), ("jvm.options.d/a.options", "-Xmx2g")],
      [("ES_JAVA_OPTS", " -Xms3g\t-Da=b ")]
    ).options(java: nil)
    #expect(
      options.map(\.place) == [
        "/es/jvm.options:2", "/es/jvm.options:3", "/es/jvm.options.d/a.options:1",
        "ES_JAVA_OPTS in /etc/default/es:3", "ES_JAVA_OPTS in /etc/default/es:3",
      ])
    #expect(options.map(\.text) == ["-Xms1g", "-Xmx1g", "-Xmx2g", "-Xms3g", "-Da=b"])
  }

  @Test func theLaterFileAndThenTheVariableCounts() {
    let files = [("jvm.options", "-Xms1g\n-Xmx1g\n"), ("jvm.options.d/a.options", "-Xmx2g\n")]
    #expect(configuration(files).heap == JVMHeap(initial: gib, maximum: 2 * gib))
    let all = configuration(files, [("ES_JAVA_OPTS", "-Xmx3g"), ("_JAVA_OPTIONS", "-Xms4g")])
    #expect(all.heap == JVMHeap(initial: 4 * gib, maximum: 3 * gib))
  }

  @Test func theOwnFileTakesItsPlaceAmongTheOthers() {
    let files = configuration([
      ("jvm.options", ""), ("jvm.options.d/a.options", ""), ("jvm.options.d/zzz.options", ""),
    ]).replacing(own, with: []).files.map(\.path)
    #expect(files[2] == own && files.count == 4)
    #expect(configuration([("jvm.options", "")]).replacing(own, with: []).files.last?.path == own)
    let again = configuration([]).replacing(own, with: []).replacing(own, with: [0x0a])
    #expect(again.files.count == 1 && again.files[0].options.source == [0x0a])
  }

  @Test func theFirstLineThatElasticsearchRefusesIsNamed() {
    let bad = configuration([
      ("jvm.options", "-Xms1g\n"), ("jvm.options.d/a.options", "#\n -Xmx1g"),
    ])
    #expect(bad.invalidPlace == "/es/jvm.options.d/a.options:2")
    #expect(configuration([("jvm.options", "-Xms1g\n")]).invalidPlace == nil)
  }

  @Test(arguments: [
    "-Xmx2g", "-Xms2g", "8:-Xmx2g", "-mx2g", "-XX:InitialHeapSize=2g", "-XX:MaxHeapSize=2g",
    "-XX:MinHeapSize=5g", "-Xmx", "-Xmx4q",
  ])
  func aLaterHeapOverrulesOurs(option: String) throws {
    let files = configuration([("jvm.options.d/zzz.options", "#\n\(option)\n")])
    let place = JVMOption(
      text: option.hasPrefix("8:") ? "-Xmx2g" : option, place: "/es/jvm.options.d/zzz.options:2")
    #expect(try contradiction(files, JVMWishes(heap: 4 * gib)) == .heap(place))
    #expect(try contradiction(files, JVMWishes(diagnostics: "/mnt/es/d")) == nil)
    guard !option.hasPrefix("8:") else { return }
    let variable = configuration([], [("ES_JAVA_OPTS", "-Da=b \(option)")])
    #expect(
      try contradiction(variable, JVMWishes(heap: 4 * gib))
        == .heap(JVMOption(text: option, place: "ES_JAVA_OPTS in /etc/default/es:3")))
  }

  /// Which Java runs is not known at first, and then it is.
  @Test func aLineForAnotherJavaOverrulesNothing() throws {
    for (range, applies, spares) in [
      ("8:", [8], [9, 17]), ("8-11:", [8, 11], [12]), ("14-:", [14, 99], [8]),
    ] {
      var files = configuration([("jvm.options.d/zzz.options", "\(range)-Xmx2g\n")])
      #expect(try contradiction(files, JVMWishes(heap: 4 * gib)) != nil)
      for java in applies + spares {
        files.java = java
        let refused = try contradiction(files, JVMWishes(heap: 4 * gib)) != nil
        #expect(refused == applies.contains(java), "\(range) on \(java)")
      }
    }
  }

  @Test func aHeapThatDependsOnJavaIsNotKnownBeforeJavaIs() {
    var files = configuration([("jvm.options", "-Xms1g\n-Xmx1g\n8-11:-Xmx2g\n")])
    #expect(files.heap == JVMHeap(initial: gib, maximum: nil))
    files.java = 11
    #expect(files.heap == JVMHeap(initial: gib, maximum: 2 * gib))
    files.java = 12
    #expect(files.heap == JVMHeap(initial: gib, maximum: gib))
    let same = configuration([("jvm.options", "8:-Xmx1g\n9-:-Xmx1g\n7:-Xmx5g\n")])
    #expect(same.heap.maximum == gib)
  }

  @Test(arguments: [
    "-XX:MaxRAMPercentage=75", "-XX:MaxRAMFraction=2", "-XX:MaxRAM=8g", "-XX:+AggressiveHeap",
  ])
  func aShareOfTheMemoryCountsWhereNoSizeIsGiven(option: String) {
    let place = JVMOption(text: option, place: "/es/jvm.options:2")
    #expect(configuration([("jvm.options", "#\n\(option)\n-Xms1g\n")]).heapShare == place)
    for size in ["-Xmx1g", "-mx1g", "-XX:MaxHeapSize=1g"] {
      #expect(configuration([("jvm.options", "#\n\(option)\n\(size)\n")]).heapShare == nil)
    }
    let onOne = configuration([("jvm.options", "8:\(option)\n")])
    #expect(onOne.heapShare == nil)
    #expect(JVMConfiguration(files: onOne.files, java: 8).heapShare?.text == option)
  }

  @Test(arguments: ["-XX:VMOptionsFile=/etc/more", "@/etc/more"])
  func aLaterFileOfOptionsMayOverruleEverything(word: String) throws {
    let after = configuration([], [("ES_JAVA_OPTS", word)])
    let option = JVMOption(text: word, place: "ES_JAVA_OPTS in /etc/default/es:3")
    #expect(try contradiction(after, JVMWishes(heap: gib)) == .heap(option))
    #expect(try contradiction(after, JVMWishes(diagnostics: "/mnt/es/d")) == .diagnostics(option))
    let overruled = configuration([], [("ES_JAVA_OPTS", "\(word) -Xms1g -Xmx1g")])
    #expect(try contradiction(overruled, JVMWishes(heap: gib)) == nil)
    let before = configuration([("jvm.options", "-XX:VMOptionsFile=/etc/more\n")])
    #expect(try contradiction(before, JVMWishes(heap: gib)) == nil)
  }

  @Test(arguments: [
    "-Xmx4g\n-Xms4096m", "-XX:MinHeapSize=1g", "-XX:MaxRAMPercentage=10", "-Xmn1g", "-XX:MaxRAM=1g",
    "# -Xmx2g",
  ])
  func whatDoesNotChangeOurHeapIsNoContradiction(text: String) throws {
    let files = configuration([("jvm.options.d/zzz.options", text)])
    #expect(try contradiction(files, JVMWishes(heap: 4 * gib)) == nil)
  }

  @Test func earlierFilesOverruleNothing() throws {
    let files = configuration([
      ("jvm.options", "-Xmx1g\n-XX:HeapDumpPath=/var/lib/es\n-Xlog:gc:file=/var/log/gc.log\n"),
      ("jvm.options.d/a.options", "-Xms1g\n"),
    ])
    let wishes = JVMWishes(heap: gib, diagnostics: "/mnt/es/d", gcLog: "/mnt/es/logs/gc.log")
    #expect(try contradiction(files, wishes) == nil)
  }

  @Test func laterPlacesForWhatJavaWritesMustBeOnTheVolume() throws {
    func later(_ text: String) throws -> JVMContradiction? {
      try contradiction(
        configuration([("jvm.options.d/zzz.options", text)]),
        JVMWishes(diagnostics: "/mnt/es/d", gcLog: "/mnt/es/logs/gc.log"))
    }
    func option(_ text: String) -> JVMOption {
      JVMOption(text: text, place: "/es/jvm.options.d/zzz.options:1")
    }
    for text in ["-XX:HeapDumpPath=/tmp", "-XX:ErrorFile=hs_err.log", "-XX:ReplayDataFile=/r"] {
      #expect(try later(text) == .diagnostics(option(text)))
    }
    for text in ["-Xloggc:/var/log/gc.log", "-Xlog:gc:logs/gc.log", "-Djava.io.tmpdir=/tmp"] {
      #expect(try later(text) == .logs(option(text)))
    }
    for text in [
      "-XX:HeapDumpPath=/mnt/es/mine", "-Xlog:gc:file=/mnt/es/logs/two.log", "-Xlog:disable",
      "-Djava.io.tmpdir=${ES_TMPDIR}", "-Djava.io.tmpdir=/mnt/es/tmp",
    ] { #expect(try later(text) == nil) }
  }

  @Test func theMemoryThatElasticsearchIsToldIsRead() {
    let told = configuration([("jvm.options", "-Des.total_memory_bytes=2147483648\n")])
    #expect(told.totalMemory == 2 * gib)
    #expect(configuration([("jvm.options", "-Des.total_memory_bytes=2g\n")]).totalMemory == nil)
  }

  @Test func allWishesAreFulfilledInPlaceAndOnceIsEnough() throws {
    let before = "8-:-Xms1g\r\n-Xmx1g\r\n-XX:HeapDumpPath=data\r\n8:-Xloggc:logs/gc.log\r\n"
    let wishes = JVMWishes(heap: gib * 2, diagnostics: "/mnt/es/d", gcLog: "/mnt/es/logs/gc.log")
    let after = try JVMOptions.parse(Array(before.utf8)).fulfilling(wishes)
    #expect(
      String(decoding: after, as: UTF8.self) == """
        8-:-Xms2g\r
        -Xmx2g\r
        -XX:HeapDumpPath=/mnt/es/d\r
        8:-Xloggc:/mnt/es/logs/gc.log\r
        -Xms2g\r
        -XX:ErrorFile=/mnt/es/d/hs_err_pid%p.log\r
        -XX:ReplayDataFile=/mnt/es/d/replay_pid%p.log\r
        -XX:+PerfDisableSharedMem\r

        """)
    #expect(try JVMOptions.parse(after).fulfilling(wishes) == after)
    #expect(try JVMOptions.parse(after).fulfilling(JVMWishes()) == after)
  }
}
