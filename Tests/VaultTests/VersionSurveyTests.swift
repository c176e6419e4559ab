import Elasticsearch
import Foundation
import Testing

@testable import Vault

/// Where the version of Elasticsearch and that of its Java come from.
@Suite struct VersionSurveyTests {
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
  }

  /// A package that real RPM has made, and installed into a database of its own.
  @Test func anRPMPackageTellsItsVersion() async throws {
    var survey = VersionSurvey(home: "/usr/share/elasticsearch", product: .elasticsearch)
    survey.rpmDatabase = scratch.path + "/db"
    // A thousand tests are at work.
    survey.limit = .seconds(600)
    try scratch.file(
      "es.spec",
      Array(
        """
        Name: elasticsearch
        Version: 8.17.0
        Release: 1
        Summary: nothing
        License: none
        BuildArch: noarch
        %description
        nothing
        %files

        """.utf8))
    let making = Process()
    making.executableURL = URL(fileURLWithPath: "/bin/sh")
    making.currentDirectoryURL = URL(fileURLWithPath: scratch.path)
    making.arguments = [
      "-ec",
      """
      rpmbuild -bb --quiet --define "_topdir $PWD" es.spec
      rpm --dbpath "$PWD/db" --force-debian -i --justdb --nodeps RPMS/noarch/*.rpm
      """,
    ]
    try making.run()
    making.waitUntilExit()
    #expect(making.terminationStatus == 0)
    // On a machine with dpkg that is asked first, and knows of none.
    #expect(await survey.packaged(asksRPM: true) == ElasticsearchVersion(8, 17, 0))
    #expect(await survey.packaged(asksRPM: false) == nil)
    var other = VersionSurvey(home: "/usr/share/opensearch", product: .openSearch)
    other.rpmDatabase = survey.rpmDatabase
    #expect(await other.packaged(asksRPM: true) == nil)
    var archive = VersionSurvey(home: "/opt/es", product: .elasticsearch)
    archive.rpmDatabase = survey.rpmDatabase
    #expect(await archive.packaged(asksRPM: true) == nil)
  }

  @Test func whereNothingElseTellsItTheDataDo() async throws {
    var spec = VolumeSpec.generating
    spec.elasticsearchConfiguration = scratch.path
    try scratch.file("elasticsearch.yml", Array("path.data: /x\n".utf8))
    let unit = SystemdUnit(
      state: .stopped, user: "nobody", program: ServiceProgram("/none/bin/elasticsearch"))
    let writer = ElasticsearchVersion(8, 17, 0)
    let facts = try await ElasticsearchSurvey(spec).facts(unit, writer: writer)
    #expect(facts.version == writer && facts.isVersionOfData && facts.jvm.readsFolder)
    #expect(facts.versionNote?.contains("taken for 8.17.0, which has written the data") == true)
    let unknown = try await ElasticsearchSurvey(spec).facts(unit)
    #expect(unknown.version == nil && !unknown.isVersionOfData)
  }

  private func java(
    _ version: ElasticsearchVersion?, _ lines: String = ""
  ) -> Int? {
    let unit = UnitFile(path: "/u", text: "[Service]\n\(lines)\n")
    return JavaSurvey(home: scratch.path, definition: ServiceDefinition(files: [unit]))
      .majorVersion(for: version)
  }

  private func make(java home: String, _ version: String) throws {
    try FileManager.default.createDirectory(
      atPath: "\(scratch.path)/\(home)/bin", withIntermediateDirectories: true)
    try scratch.file("\(home)/release", Array("JAVA_VERSION=\"\(version)\"\n".utf8))
  }

  @Test func theJavaIsTheOneThatTheScriptTakes() throws {
    try make(java: "jdk", "17.0.1")
    try make(java: "a", "11.0.2")
    try make(java: "b", "1.8.0_292")
    let (a, b) = ("JAVA_HOME=\(scratch.path)/a", "ES_JAVA_HOME=\(scratch.path)/b")
    let (old, middle, new) = (
      ElasticsearchVersion(7, 6, 0), ElasticsearchVersion(7, 17, 0), ElasticsearchVersion(8, 1, 0)
    )
    for version in [old, middle, new, nil] { #expect(java(version) == 17) }
    let both = "Environment=\(a) \(b)"
    #expect(java(old, both) == 11 && java(middle, both) == 8 && java(new, both) == 8)
    #expect(java(nil, both) == nil)
    let one = "Environment=\(a)"
    #expect(java(old, one) == 11 && java(middle, one) == 11 && java(new, one) == 17)
    #expect(java(old, "PassEnvironment=JAVA_HOME") == nil)
    #expect(java(new, "PassEnvironment=JAVA_HOME") == 17)
    #expect(java(old, "Environment=JAVA_HOME=/none") == nil)
    #expect(java(old, "Environment=JAVA_HOME=") == 17)
  }

  @Test func beforeSevenTheFirstJavaOfThePathCounts() throws {
    try make(java: "kit", "1.8.0_292")
    try make(java: "kit/jre", "0")
    try FileManager.default.removeItem(atPath: scratch.path + "/kit/jre/release")
    let program = try scratch.program("kit/jre/bin/java", "#!/bin/sh\n")
    try FileManager.default.createDirectory(
      atPath: scratch.path + "/bin", withIntermediateDirectories: true)
    symlink(program, scratch.path + "/bin/java")
    let six = ElasticsearchVersion(6, 8, 0)
    #expect(java(six, "Environment=PATH=/none:\(scratch.path)/bin") == 8)
    #expect(java(six, "Environment=PATH=/none") == nil)
  }
}
