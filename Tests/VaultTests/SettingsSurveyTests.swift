import Elasticsearch
import Foundation
import Testing

@testable import Vault

/// What the survey and the plan make of `elasticsearch.yml`.
@Suite struct SettingsSurveyTests {
  private let scratch: Scratch
  private let spec: VolumeSpec

  init() throws {
    scratch = try Scratch()
    var spec = VolumeSpec.generating
    spec.elasticsearchConfiguration = scratch.path
    self.spec = spec
  }

  private func facts(_ text: String, environment: String = "") async throws -> SettingsFacts {
    try await survey(text, environment: environment).settings
  }

  private func survey(
    _ text: String, environment: String = "", home: String = "/none"
  ) async throws -> ElasticsearchFacts {
    try scratch.file("elasticsearch.yml", Array(text.utf8))
    var unit = SystemdUnit(
      state: .stopped, user: "nobody", program: ServiceProgram(home + "/bin/elasticsearch"))
    unit.files = [
      try scratch.file("elasticsearch.service", Array("[Service]\n\(environment)\n".utf8))
    ]
    return try await ElasticsearchSurvey(spec).facts(unit)
  }

  @Test func aRelativeConfigurationDirectoryIsAnother() {
    let survey = ElasticsearchSurvey(spec)
    #expect(survey.elsewhere(.init(text: ".", place: "/u:1"))?.text == ".")
    #expect(survey.elsewhere(.init(text: scratch.path + "/.", place: "/u:1")) == nil)
    #expect(survey.elsewhere(.init(text: scratch.path, place: "/u:1")) == nil)
    #expect(survey.elsewhere(.init(text: "/none", place: "/u:1"))?.place == "/u:1")
    #expect(survey.elsewhere(nil) == nil)
  }

  @Test func aVariableThatWouldWinOverTheEditIsRefused() async throws {
    let home = scratch.path + "/es"
    try FileManager.default.createDirectory(
      atPath: home + "/lib", withIntermediateDirectories: true)
    try scratch.file("es/lib/elasticsearch-8.17.0.jar", [])
    let text = "path.data: /x\n${MORE}: /z\n"
    let facts = try await survey(
      text, environment: "Environment=MORE=force.path.data", home: home)
    #expect(facts.version == ElasticsearchVersion(8, 17, 0))
    let refusal = try refusal(spec, .healthy.with { $0.elasticsearch = facts })
    #expect(refusal.description.contains("a variable in the file would win over it"))
    #expect(try await survey(text, home: home).settings == .dataPath("/x"))
  }

  /// Rule 13: Elasticsearch means a relative path from its home, wherever esvault runs.
  @Test(arguments: [
    "path.data: var/es\n", "path.data: ./x/../var/es\n", "path.data: ../home/var/es\n",
  ])
  func dataAtARelativePathIsFoundInElasticsearchsHome(_ text: String) async throws {
    let home = scratch.path + "/home"
    try FileManager.default.createDirectory(
      atPath: home + "/var/es/nodes", withIntermediateDirectories: true)
    let elasticsearch = try await survey(text, home: home)
    #expect(elasticsearch.presentData != .none)
    let refusal = try refusal(spec, .healthy.with { $0.elasticsearch = elasticsearch })
    #expect(refusal.description.contains("already has data"), "\(refusal)")
  }

  @Test func aRelativePathOnAnotherVolumeIsOnThatVolume() throws {
    let facts = Facts.healthy.with {
      $0.configuration = .reading(Self.two)
      $0.elasticsearch.settings = .dataPath("../../../mnt/other/elasticsearch")
    }
    #expect(try refusal(.generating, facts).description.contains("on volume 'other'"))
  }

  @Test(arguments: [
    ("path.data: /x\n", "/x"), ("path:\n  data: /x\n", "/x"), ("path.data: [/x]\n", "/x"),
    ("force.path.data: /z\npath.data: /x\n", "/z"), ("path.data: ${NOPE:/d}\n", "/d"),
    ("path.data:\n", nil), ("path.data: ''\n", nil), ("a: 1\n", nil), ("", nil),
  ])
  func theDataPathIsTheOneThatElasticsearchReads(_ text: String, _ path: String?) async throws {
    #expect(try await facts(text) == .dataPath(path))
  }

  @Test func variablesComeFromTheUnit() async throws {
    #expect(
      try await facts("path.data: ${ES_DATA}/x\n", environment: "Environment=ES_DATA=/srv/es")
        == .dataPath("/srv/es/x"))
  }

  @Test func aMissingFileIsNotAnUnusableOne() async throws {
    #expect(ElasticsearchSurvey(spec).settings(by: nil) { _ in nil } == .missing)
  }

  @Test(arguments: [
    ("path.data: /x\npath:\n  data: /y\n", "lines 1 and 3", "Keep one"),
    ("path.data: /x\npath.data: /y\n", "lines 1 and 2", "Keep one"),
    ("path.data: ${NOPE}\n", "'${NOPE}'", "Write the value itself"),
    ("path.data: |\n  /x\n", "line 1", "plain form"),
    ("a: 1\n---\nb: 1\n", "line 2", "Mend line 2,"),
    ("path.data: /x\nhttp:\n", "line 2", "remove line 2"),
    ("path.data: &x /x\n", "an anchor", "plain form"),
  ])
  func whatCannotBeEditedIsFoundBeforeADiskIsWritten(
    _ text: String, _ words: String, _ advice: String
  ) async throws {
    let settings = try await facts(text)
    let refusal = try refusal(spec, .healthy.with { $0.elasticsearch.settings = settings })
    #expect(refusal.description.contains(words), "\(refusal)")
    #expect(refusal.description.contains("elasticsearch.yml' cannot be edited safely"))
    #expect(refusal.advice.contains(advice), "\(refusal.advice)")
  }

  @Test func aFileThatNeedsNoEditMayHaveAnyForm() async throws {
    let text = "path.data: !!str \(spec.data)\n"
    #expect(try await facts(text) == .dataPath(spec.data))
  }

  @Test func severalPathsAreRefused() async throws {
    let settings = try await facts("path.data: [/a, /b]\n")
    #expect(settings == .dataPaths(["/a", "/b"]))
    let refusal = try refusal(spec, .healthy.with { $0.elasticsearch.settings = settings })
    #expect(refusal.description.contains("'/a', '/b'"))
    #expect(refusal.advice.contains("deprecated"))
  }

  private static let two =
    Sample.recorded + """
        - name: other
          device: vol2
          uuid: 33333333-7d0e-4f0e-9c1b-0d6f2a9b1c11
          mount: /mnt/other
          data: /mnt/other/elasticsearch

      """

  @Test func severalPathsThatAreAllOnVolumesAreFinished() async throws {
    let facts = Facts.finished.with {
      $0.configuration = .reading(Self.two)
      $0.elasticsearch.settings = .dataPaths(["/mnt/es/elasticsearch", "/mnt/other/elasticsearch"])
    }
    #expect(try plan(.recorded, facts).steps == plan(.recorded, .finished).steps)
  }

  @Test(arguments: [
    ["/mnt/es/elasticsearch", "/var/lib/elasticsearch"],
    ["/mnt/other/elasticsearch", "/mnt/other/b"],
    ["/mnt/es/elasticsearch", "/mnt/other/../x"], ["/mnt/es/elasticsearch", "/mnt/other2/x"],
  ])
  func onePathBesideTheVolumesIsRefused(_ paths: [String]) async throws {
    let facts = Facts.finished.with {
      $0.configuration = .reading(Self.two)
      $0.elasticsearch.settings = .dataPaths(paths)
    }
    #expect(try refusal(.recorded, facts).description.contains("several data paths"))
  }

  @Test func aNodeWithSeveralPathsIsStoppedBeforeItsVolumeIsLocked() async throws {
    let facts = Facts.finished.with {
      $0.elasticsearch.settings = .dataPaths(["/x", "/mnt/es/elasticsearch"])
      $0.elasticsearch.usesData = nil
    }
    #expect(try Plan.locking(.recorded, facts).steps == Plan.locking(.recorded, .finished).steps)
  }

  @Test func theStepKeepsWhatWasThere() async throws {
    try scratch.file("elasticsearch.yml", Array("path.data: /x\n".utf8), mode: 0o660)
    let host = LinuxHost(keys: KeyFile("/none"))
    try host.setDataPath("/mnt/es/data", in: scratch.path)
    #expect(try scratch.bytes("elasticsearch.yml") == Array("path.data: /mnt/es/data\n".utf8))
    #expect(scratch.names.count == 2)
    try host.setDataPath("/mnt/es/data", in: scratch.path)
    #expect(scratch.names.count == 2)
  }
}
