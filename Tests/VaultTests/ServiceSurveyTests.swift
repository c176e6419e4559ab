import BlockDevices
import Glibc
import Testing

@testable import Vault

/// What is known of the places of a service whose unit does not tell all.
@Suite struct ServiceSurveyTests {
  private let scratch: Scratch
  private let spec: VolumeSpec

  init() throws {
    scratch = try Scratch()
    var spec = VolumeSpec.generating
    spec.elasticsearchConfiguration = scratch.path
    self.spec = spec
    try scratch.file(
      "elasticsearch.yml", Array("path.data: /d\nbootstrap.memory_lock: true\n".utf8))
  }

  private func look(_ state: ServiceFacts = .stopped, _ lines: String = "") async throws
    -> ServiceSurvey
  {
    var unit = SystemdUnit(
      state: state, user: "nobody", program: ServiceProgram("/none/bin/elasticsearch"))
    unit.files = [try scratch.file("es.service", Array("[Service]\n\(lines)\n".utf8))]
    let facts = try await ElasticsearchSurvey(spec).facts(unit)
    return ServiceSurvey(spec, unit, facts, .unknown)
  }

  @Test func aConfigurationThatIsNotReadSaysNothing() async throws {
    let known = try await look()
    #expect(known.paths.first { $0.purpose == .data }?.path == "/d")
    #expect(known.paths.allSatisfy { $0.problem == nil } && known.memory.locksMemory)
    let lost = try await look(.stopped, "Environment=ES_PATH_CONF=/none/else")
    #expect(!lost.memory.locksMemory)
    #expect(Set(lost.paths.map(\.purpose)).isSuperset(of: WrittenPaths.purposes))
    let why = "reads its configuration from '/none/else'"
    #expect(lost.paths.allSatisfy { $0.problem?.contains(why) == true })
  }

  @Test func theConfigurationOfLog4jIsRead() async throws {
    try scratch.file("log4j2.properties", Array("appender.a.fileName=/l/a.log\n".utf8))
    var logs = try await look().paths.filter { $0.purpose == .logs }
    #expect(logs.map(\.path) == ["/none/logs", "/l/a.log"])
    // Elasticsearch reads those of directories below, too.
    try Directories.make(scratch.path + "/plugin", mode: 0o755)
    try scratch.file("plugin/log4j2.properties", Array("appender.b.fileName=/l/b.log\n".utf8))
    logs = try await look().paths.filter { $0.purpose == .logs }
    #expect(logs.map(\.path) == ["/none/logs", "/l/a.log", "/l/b.log"])
    // A circle of links is cut off, and said.
    #expect(symlink(scratch.path, scratch.path + "/plugin/round") == 0)
    logs = try await look().paths.filter { $0.purpose == .logs }
    #expect(logs.contains { $0.problem?.hasPrefix("nobody looks deeper") == true })
  }

  @Test func theSilenceOfSystemdLeavesEveryPurposeOpen() async throws {
    let silent = try await look(.unknown("no answer"))
    #expect(
      silent.paths.filter { $0.problem == "no answer" }.map(\.purpose) == WrittenPaths.purposes)
    #expect(throws: WrittenPaths.SettingsFailure(why: "no answer")) {
      try silent.workingFolder.get()
    }
  }
}
