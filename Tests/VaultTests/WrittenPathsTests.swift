import Elasticsearch
import Testing

@testable import Vault

/// Which paths a service writes to, by its settings, its unit and its Java options.
@Suite struct WrittenPathsTests {
  private func paths(
    _ yml: String? = nil, unit: String = "", options: String = "",
    version: ElasticsearchVersion? = nil, running: WrittenPaths.RunningJava? = nil
  ) throws -> [WrittenPath] {
    let definition = ServiceDefinition(files: [UnitFile(path: "/u", text: "[Service]\n" + unit)])
    let settings = try yml.map { try SettingsFile.parse(Array($0.utf8)).loaded() }
    var written = WrittenPaths(
      configuration: "/etc/elasticsearch", home: "/usr/share/elasticsearch", version: version,
      definition: definition, settings: .success(settings))
    written.jvm.options.files = [.init(path: "/jvm.options", .parse(Array(options.utf8)))]
    written.running = running
    return written.all
  }

  private func paths(_ written: [WrittenPath], _ purpose: AuditedPlace.Purpose) -> [String] {
    written.filter { $0.purpose == purpose }.map(\.path)
  }

  @Test func withoutSettingsTheDefaultsCount() throws {
    let written = try paths()
    #expect(
      written == [
        WrittenPath(
          purpose: .data, path: "/usr/share/elasticsearch/data", origin: "the default of path.data"),
        WrittenPath(
          purpose: .logs, path: "/usr/share/elasticsearch/logs", origin: "the default of path.logs"),
        WrittenPath(
          purpose: .errorFiles, path: "/usr/share/elasticsearch",
          origin: "the default of -XX:ErrorFile: where Java works"),
        WrittenPath(purpose: .temporary, path: "/tmp", origin: "the default of ES_TMPDIR"),
      ])
  }

  @Test func everyPathOfASettingCounts() throws {
    let written = try paths(
      "path.data: /a,b/../c\npath.logs: /var/log/es/\npath.repo: [/r1, \"/r,2\"]\npath.shared_data: /s"
    )
    #expect(paths(written, .data) == ["/a", "/usr/share/elasticsearch/c", "/s"])
    #expect(paths(written, .logs) == ["/var/log/es"])
    #expect(paths(written, .repository) == ["/r1", "/r,2"])
    #expect(written[0].origin == "path.data in '/etc/elasticsearch/elasticsearch.yml'")
  }

  @Test func theCommandLineWinsWithAllItsElements() throws {
    let written = try paths(
      "path.data: /a", unit: "ExecStart=/es -Epath.data.0=/b -Epath.data.1=/c -E path.logs=/l")
    #expect(paths(written, .data) == ["/b", "/c"])
    #expect(paths(written, .logs) == ["/l"])
    #expect(written[0].origin == "path.data in '/u:2'")
  }

  @Test func aVariableWithoutAValueLeavesThePathUnknown() throws {
    let written = try paths("path.data: ${NOPE}/x\npath.logs: /l")
    #expect(written[0].problem != nil && written[0].path == "/etc/elasticsearch/elasticsearch.yml")
    #expect(paths(written, .logs) == ["/l"])
  }

  @Test func settingsThatCannotBeReadLeaveEveryPathUnknown() {
    var written = WrittenPaths(configuration: "/c", home: "/h")
    written.settings = .failure(.init(why: "no"))
    let found = written.all.filter { $0.problem == "no" }
    #expect(Set(found.map(\.purpose)) == [.data, .logs, .repository])
    written.jvm.problem = "broken"
    #expect(
      Set(written.all.filter { $0.problem == "broken" }.map(\.purpose))
        == [.heapDumps, .errorFiles, .gcLogs, .temporary])
    let destinations = JVMDestinations(commandLine: ["-XX:ErrorFile=/e"], place: "process 7")
    written.running = .init(destinations: destinations, folder: "/work")
    #expect(paths(written.all, .errorFiles).contains("/e"))
  }

  /// What nobody could read may name other places than the defaults.
  @Test(arguments: [
    ("Environment=PID=1", nil, nil), ("", "systemctl does not answer", "systemctl does not answer"),
    (
      "PassEnvironment=ES_TMPDIR", nil,
      "'PassEnvironment=ES_TMPDIR' in '/u:2' does not tell what it is started with"
    ),
    (
      "Environment=ES_JAVA_OPTS=-XX:ErrorFile=/%H", nil,
      "'ES_JAVA_OPTS=-XX:ErrorFile=/%H' in '/u:2' does not tell what it is started with"
    ),
  ])
  func whatTheUnitLeavesOpenLeavesNoPurposeUntouched(
    unit: String, silence: String?, problem: String?
  ) {
    var written = WrittenPaths(configuration: "/c", home: "/h", service: "es")
    written.definition = ServiceDefinition(
      files: [UnitFile(path: "/u", text: "[Service]\n" + unit)])
    written.silence = silence
    let open = written.all.filter { $0.problem != nil }
    #expect(open.map(\.purpose) == (problem == nil ? [] : WrittenPaths.purposes))
    #expect(open.allSatisfy { $0.problem == problem && $0.origin == "the unit 'es'" })
  }

  @Test func whatIsLoggedElsewhereCounts() throws {
    var written = WrittenPaths(configuration: "/c", home: "/h")
    written.definition = ServiceDefinition(files: [
      UnitFile(
        path: "/u", text: "[Service]\nStandardOutput=append:/out\nStandardError=file:/%H/err")
    ])
    let text = """
      appender.a.fileName = ${sys:es.logs.base_path}/a.json
      appender.b.fileName = /b/${sys:es.logs.cluster_name}.log
      appender.c.fileName = c.log
      appender.d.fileName = ${env:HOME}/d.log
      """
    let file = "/c/log4j2.properties"
    written.logging = [file: .success(LoggingFiles(Array(text.utf8)))]
    let logs = written.all.filter { $0.purpose == .logs }
    #expect(
      logs.map(\.path) == ["/h/logs", "/b", "/h/c.log", "${env:HOME}/d.log", "/out", "/%H/err"])
    #expect(logs.map { $0.problem == nil } == [true, true, true, false, true, false])
    #expect(logs[1].origin == "appender.b.fileName in '/c/log4j2.properties'")
    #expect(logs[4].origin == "StandardOutput in '/u:2'")
    written.logging = [file: .failure(.init(why: "no"))]
    #expect(written.all.contains { $0.purpose == .logs && $0.problem == "no" })
  }

  @Test func aPathWithAnUnknownSpecifierIsNotKnown() throws {
    let written = try paths(unit: "ExecStart=/es -Epath.data=/d/%H -Epath.logs=/l/%p")
    #expect(
      written.filter { $0.purpose == .data }.allSatisfy { $0.problem?.contains("%H") == true })
  }

  @Test func javaWritesWhereItsOptionsSay() throws {
    let written = try paths(
      options: """
        -XX:+HeapDumpOnOutOfMemoryError
        -XX:HeapDumpPath=data
        -XX:ErrorFile=${ES_TMPDIR}/hs_err.log
        9-:-Xlog:gc*:file=/var/log/gc.log:utctime
        -Djava.io.tmpdir=${ES_TMPDIR}
        """)
    #expect(paths(written, .heapDumps) == ["/usr/share/elasticsearch/data"])
    #expect(paths(written, .errorFiles) == ["/tmp/hs_err.log", "/usr/share/elasticsearch"])
    #expect(paths(written, .gcLogs) == ["/var/log/gc.log"])
    #expect(paths(written, .temporary) == ["/tmp"])
  }

  @Test func sinceVersionNineJavaWorksInTheLogs() throws {
    let options = "-XX:+HeapDumpOnOutOfMemoryError\n"
    func dumps(_ version: ElasticsearchVersion) throws -> [String] {
      paths(try paths("path.logs: /l", options: options, version: version), .heapDumps)
    }
    #expect(try dumps(ElasticsearchVersion(9, 1, 0)) == ["/l"])
    #expect(try dumps(ElasticsearchVersion(8, 19, 0)) == ["/l"])
    for version in [ElasticsearchVersion(9, 0, 0), .init(8, 18, 9), .init(7, 17, 0)] {
      #expect(try dumps(version) == ["/usr/share/elasticsearch"])
    }
  }

  @Test func temporaryFilesGoWhereTheUnitSays() throws {
    let unit = "Environment=ES_TMPDIR=/t TMPDIR=/other"
    #expect(paths(try paths(unit: unit), .temporary) == ["/t"])
    #expect(paths(try paths(unit: "Environment=TMPDIR=/other"), .temporary) == ["/other"])
    #expect(
      paths(try paths(unit: unit, options: "-Djava.io.tmpdir=/j"), .temporary) == ["/j"])
  }

  @Test func theRunningNodeCountsBesideTheFiles() throws {
    let running = WrittenPaths.RunningJava(
      destinations: JVMDestinations(
        commandLine: ["-XX:+HeapDumpOnOutOfMemoryError", "-Djava.io.tmpdir=/tmp/es-1"],
        place: "process 7"), folder: "/work")
    let written = try paths(running: running)
    #expect(paths(written, .heapDumps) == ["/work"])
    #expect(paths(written, .temporary) == ["/tmp", "/tmp/es-1"])
  }
}
