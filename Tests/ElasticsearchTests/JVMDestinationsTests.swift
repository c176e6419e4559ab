import Testing

@testable import Elasticsearch

/// Where Java writes, by its options.
@Suite struct JVMDestinationsTests {
  private func destinations(_ options: String...) -> JVMDestinations {
    JVMDestinations(commandLine: options, place: "p")
  }

  @Test func theLastOptionCounts() {
    let java = destinations(
      "-XX:+HeapDumpOnOutOfMemoryError", "-XX:HeapDumpPath=data", "-XX:HeapDumpPath=/x",
      "-XX:ErrorFile=a.log", "-XX:ReplayDataFile=r", "-Djava.io.tmpdir=/t")
    #expect(java.dumpsHeap)
    #expect(java.heapDump == JVMOption(text: "/x", place: "p"))
    #expect(java.errorFile?.text == "a.log")
    #expect(java.replayFile?.text == "r")
    #expect(java.temporary?.text == "/t")
    #expect(destinations().heapDump == nil && !destinations().dumpsHeap)
  }

  @Test func heapDumpsAreSwitchedOnAndOff() {
    let on = "-XX:+HeapDumpOnOutOfMemoryError"
    let off = "-XX:-HeapDumpOnOutOfMemoryError"
    #expect(destinations(off, on).dumpsHeap)
    #expect(!destinations(on, off).dumpsHeap)
    #expect(destinations(off, "-XX:+HeapDumpBeforeFullGC", off).dumpsHeap)
  }

  @Test func logsAddUpUntilTheyAreDisabled() {
    let old = "-Xlog:gc*:file=/old.log:utctime"
    let new = "-Xlog:gc*:file=/new.log:utctime"
    #expect(destinations(old, new).logs.map(\.text) == ["/old.log", "/new.log"])
    #expect(
      destinations(old, "-Xlog:disable", "-Xlog:all=warning:stderr:utctime", new).logs.map(\.text)
        == ["/new.log"])
    #expect(destinations("-Xloggc:/a", "-Xloggc:/b").logs.map(\.text) == ["/b"])
    // What Java adds of its own accord at the end is not disabled.
    #expect(destinations("-Xloggc:/a", "-Xlog:disable").logs.map(\.text) == ["/a"])
    #expect(destinations(#"-Xlog:gc:"/with blank""#).logs.map(\.text) == ["/with blank"])
  }

  @Test func eachVersionOfJavaThatDiffersIsSeen() {
    let configuration = JVMConfiguration(
      files: [
        .init(
          path: "/jvm.options",
          .parse(Array("8:-Xloggc:/old\n9-:-Xlog:gc*:file=/new\n-XX:ErrorFile=/e\n".utf8)))
      ],
      variables: [.init(name: "ES_JAVA_OPTS", value: "-Xlog:disable", place: "v")])
    let found = configuration.destinations(oldestJava: 8)
    #expect(found.map { $0.logs.map(\.text) } == [["/old"], []])
    #expect(found.allSatisfy { $0.errorFile?.place == "/jvm.options:3" })
    #expect(configuration.destinations(oldestJava: 17).map { $0.logs.map(\.text) } == [[]])
  }

  /// What esvault writes for a confined node leaves no log in its old place, whatever Java runs.
  @Test func ownOptionsWinOverThoseOfThePackage() throws {
    let package = "8:-Xloggc:logs/gc.log\n9-:-Xlog:gc*:file=logs/gc.log:utctime\n"
    var wishes = JVMWishes()
    wishes.gcLog = "/mnt/es/logs/gc.log"
    let own = try JVMOptions.ownFile(wishes)
    let configuration = JVMConfiguration(files: [
      .init(path: "/jvm.options", .parse(Array(package.utf8))),
      .init(path: "/own", .parse(own)),
    ])
    for java in configuration.destinations(oldestJava: 8) {
      #expect(java.logs.map(\.text) == ["/mnt/es/logs/gc.log"])
    }
  }
}
