import Testing

@testable import Elasticsearch

/// Which files `log4j2.properties` has logs written to.
@Suite struct LoggingFilesTests {
  @Test func propertiesAreReadAsJavaDoes() {
    let text = #"""
      # a=b
        ! c=d
      e = f \
          g
      h:i=j
      k  l
      m\=n=\u0041\t\\
      o
      p=q\\
      r=s\

      t=u\
      """#
    let entries = JavaProperties.entries(text + "\r\nv=w\rx=y")
    #expect(entries.map(\.key) == ["e", "h", "k", "m=n", "o", "p", "r", "t", "x"])
    #expect(
      entries.map(\.value) == ["f g", "i=j", "l", "A\t\\", "", "q\\", "s", "uv=w", "y"])
    #expect(JavaProperties.entries("a=b\\") == [.init(key: "a", value: "b")])
    #expect(JavaProperties.entries("").isEmpty)
  }

  @Test func theFilesOfAppendersAreFound() {
    let text = """
      appender.b.fileName = /first
      appender.b.fileName = /last
      appender.b.FILEPATTERN = /p
      appender.b.policies.fileName.x = /no
      logger.fileName = /no
      appender.fileName = /no
      """
    let files = LoggingFiles(Array(text.utf8)).files
    #expect(files.map(\.key) == ["appender.b.FILEPATTERN", "appender.b.fileName"])
    #expect(files.map(\.text) == ["/p", "/last"])
  }

  @Test(arguments: [
    ("${sys:es.logs.base_path}${sys:file.separator}${sys:es.logs.cluster_name}_server.json", true),
    ("${sys:opensearch.logs.base_path}/x-%d{yyyy-MM-dd}-%i.log.gz", true),
    ("${sys:es.logs.base_path}-slow/x.log", false),
    ("${sys:es.logs.base_path}${sys:es.logs.cluster_name}.log", false),
    ("${sys:es.logs.base_path}/../x", false), ("${sys:es.logs.base_path:-/x}", false),
    ("${sys:es.logs.base_path}/${env:X}", false), ("/x/${sys:es.logs.base_path}", false),
  ])
  func whatLiesBelowTheLogsIsTold(text: String, isBelow: Bool) {
    #expect(LoggingFiles.File(key: "k", text: text).isBelowLogs == isBelow)
  }

  @Test(arguments: [
    ("/var/log/x.log", "/var/log/x.log"), ("/var/log/x-%d{yyyy/MM}.log", "/var/log"),
    ("/a/${sys:es.logs.node_name}/x", "/a"), ("/%i", "/"), ("x.log", "x.log"), ("x-%i", "."),
    ("/a/${env:X}", nil), ("${sys:file.separator}x", nil), ("/a/../x", nil), ("${x}/%i", nil),
  ])
  func thePlaceOfAFileIsToldWhereItsLookupsAreKnown(text: String, path: String?) {
    #expect(LoggingFiles.File(key: "k", text: text).path == path)
  }
}
