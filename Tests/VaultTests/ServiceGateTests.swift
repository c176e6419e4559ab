import Elasticsearch
import Foundation
import Testing

@testable import Vault

/// Rule 7: what the gate of Elasticsearch's unit finds in the unit's files and the settings.
@Suite struct ServiceGateTests {
  private let scratch: Scratch
  private let spec: VolumeSpec

  init() throws {
    scratch = try Scratch()
    for folder in ["etc", "units/elasticsearch.service.d", "es/lib"] {
      try FileManager.default.createDirectory(
        atPath: "\(scratch.path)/\(folder)", withIntermediateDirectories: true)
    }
    var spec = VolumeSpec.recorded
    spec.elasticsearchConfiguration = scratch.path + "/etc"
    self.spec = spec
    try scratch.file("etc/elasticsearch.yml", Array("path.data: \(spec.data)\n".utf8))
    try write(
      "elasticsearch.service",
      """
      Environment=ES_PATH_CONF=\(scratch.path)/etc PID_DIR=/run/es
      EnvironmentFile=-\(scratch.path)/default
      ExecStart=\(scratch.path)/es/bin/elasticsearch -p ${PID_DIR}/es.pid --quiet
      """)
  }

  private func write(_ name: String, _ lines: String) throws {
    try scratch.file("units/\(name)", Array("[Service]\n\(lines)\n".utf8))
  }

  private func gate() throws -> ChainFacts {
    var survey = ChainSurvey(spec)
    survey.units = UnitSearch(folders: [scratch.path + "/units"])
    return try survey.gateOfService()
  }

  @Test func aUnitAsThePackagesHaveItIsOpen() throws {
    let facts = try gate()
    #expect(facts.dataPath == .seen(spec.data))
    #expect(facts.overruling == nil && facts.elsewhere == nil)
  }

  @Test func withoutAUnitOnlyTheSettingsCount() throws {
    try FileManager.default.removeItem(atPath: scratch.path + "/units")
    let facts = try gate()
    #expect(facts.dataPath == .seen(spec.data))
    #expect(facts.overruling == nil && facts.elsewhere == nil)
  }

  @Test func anotherPathInADropInIsFound() throws {
    try write(
      "elasticsearch.service.d/more.conf",
      "ExecStart=\nExecStart=/es/bin/elasticsearch -Epath.data=/x")
    let place = "\(scratch.path)/units/elasticsearch.service.d/more.conf:3"
    #expect(try gate().overruling == .init(text: "/x", place: place))
  }

  @Test func anotherPathInAVariableOfTheCommandIsFound() throws {
    try write(
      "elasticsearch.service.d/more.conf", "ExecStart=\nExecStart=/es/bin/elasticsearch $MORE")
    #expect(try gate().overruling == nil)
    try scratch.file("default", Array("MORE=-q -Epath.data=/x\n".utf8))
    #expect(try gate().overruling?.text == "/x")
    try scratch.file("default", Array("MORE=-q -Epath.data=\(spec.data)\n".utf8))
    #expect(try gate().overruling == nil)
  }

  @Test func anotherConfigurationIsFoundWithItsPlace() throws {
    try scratch.file("default", Array("#\nES_PATH_CONF=/etc/other\n".utf8))
    #expect(
      try gate().elsewhere == .init(text: "/etc/other", place: "\(scratch.path)/default:2"))
  }

  @Test func aDropInAloneNamesAnotherConfiguration() throws {
    try FileManager.default.removeItem(atPath: scratch.path + "/units/elasticsearch.service")
    try write("elasticsearch.service.d/more.conf", "Environment=ES_PATH_CONF=/etc/x")
    let place = "\(scratch.path)/units/elasticsearch.service.d/more.conf:2"
    let facts = try gate()
    #expect(facts.elsewhere == .init(text: "/etc/x", place: place))
    let whole = ChainFacts.whole.with { $0.elsewhere = facts.elsewhere }
    #expect(
      ChainCheck(spec, whole).barriersOfService.first?.description.hasPrefix(
        "'elasticsearch.service' reads its configuration from '/etc/x' (said in '\(place)'), not")
        == true)
  }

  /// What a variable stands for depends on the version, which the jar tells.
  @Test func variablesInTheSettingsAreThoseOfTheUnit() throws {
    try scratch.file("etc/elasticsearch.yml", Array("path.data: ${DATA:/d}\n".utf8))
    try scratch.file("default", Array("DATA=/x\n".utf8))
    #expect(try gate().dataPath.isUnknown)
    let jar = try scratch.file("es/lib/elasticsearch-7.17.0.jar", [])
    #expect(try gate().dataPath == .seen("/x"))
    try FileManager.default.moveItem(
      atPath: jar, toPath: scratch.path + "/es/lib/elasticsearch-8.17.0.jar")
    #expect(try gate().dataPath == .seen("/d"))
  }
}
