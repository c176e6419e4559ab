import Elasticsearch
import Foundation
import Testing

@testable import Vault

/// What `systemctl show` says of the unit that runs Elasticsearch.
@Suite struct SystemdUnitTests {
  private func unit(_ program: String, _ more: String...) -> SystemdUnit {
    SystemdUnit.read(
      """
      LoadState=loaded
      ActiveState=active
      ExecStart={ path=\(program) ; argv[]=\(program) --quiet ; ignore_errors=no }

      """ + more.joined(separator: "\n"))
  }

  private func configuration(_ unit: SystemdUnit) -> String? {
    unit.program.configuration(unit.definition())?.text
  }

  @Test func aPackageIsKnownByItsProgram() {
    let unit = unit("/usr/share/elasticsearch/bin/systemd-entrypoint", "User=es", "Group=search")
    #expect(
      unit.program.home == "/usr/share/elasticsearch" && unit.program.product == .elasticsearch)
    #expect(unit.user == "es" && unit.userGroup == "search" && configuration(unit) == nil)
    #expect(unit.state == .running)
  }

  @Test func whatRunsIsRunningWhetherItsUnitIsThereOrNot() {
    for (load, active, state) in [
      ("masked", "active", ServiceFacts.running), ("not-found", "deactivating", .running),
      ("masked", "inactive", .missing), ("not-found", "inactive", .missing),
      ("loaded", "failed", .stopped), ("loaded", "activating", .running),
    ] {
      let unit = SystemdUnit.read("LoadState=\(load)\nActiveState=\(active)\n")
      #expect(unit.state == state, "\(load) \(active)")
      #expect(unit.hasFailed == (active == "failed"))
    }
  }

  @Test func openSearchIsKnownByItsProgramAndItsOwnVariable() throws {
    let scratch = try Scratch()
    let text = "[Service]\nEnvironment=ES_PATH_CONF=/etc/no OPENSEARCH_PATH_CONF=/etc/opensearch\n"
    let file = try scratch.file("opensearch.service", Array(text.utf8))
    let unit = unit("/usr/share/opensearch/bin/systemd-entrypoint", "FragmentPath=\(file)")
    #expect(unit.program.product == .openSearch && unit.program.home == "/usr/share/opensearch")
    #expect(unit.user == "opensearch" && configuration(unit) == "/etc/opensearch")
  }

  @Test func anInstallationFromAnArchiveHasItsConfigurationAtHome() throws {
    let scratch = try Scratch()
    for folder in ["bin", "config", "lib"] { mkdir("\(scratch.path)/\(folder)", 0o755) }
    try scratch.file("bin/elasticsearch", [])
    #expect(configuration(unit(scratch.path + "/bin/elasticsearch")) == nil)
    try scratch.file("config/elasticsearch.yml", [])
    let found = unit(scratch.path + "/bin/elasticsearch")
    #expect(found.program.home == scratch.path && configuration(found) == scratch.path + "/config")
    let dropIn = try scratch.file("d.conf", Array("[Service]\nEnvironment=ES_PATH_CONF=/e\n".utf8))
    let told = unit(scratch.path + "/bin/elasticsearch", "DropInPaths=\(dropIn)")
    #expect(configuration(told) == "/e")
  }

  @Test func aLinkToTheProgramLeadsHome() throws {
    let scratch = try Scratch()
    for folder in ["es", "es/bin", "es/lib", "bin"] { mkdir("\(scratch.path)/\(folder)", 0o755) }
    try scratch.file("es/bin/elasticsearch", [])
    try scratch.file("es/lib/elasticsearch-8.1.0.jar", [])
    symlink("../es/bin/elasticsearch", scratch.path + "/bin/elasticsearch")
    let home = unit(scratch.path + "/bin/elasticsearch").program.home
    #expect(home.hasSuffix("/es"))
    #expect(
      VersionSurvey(home: home, product: .elasticsearch).jar() == ElasticsearchVersion(8, 1, 0))
  }

  @Test func howItEndedIsTold() {
    let ended = unit("/x/bin/e", "Result=exit-code", "ExecMainStatus=78", "InvocationID=abc").ending
    #expect(ended == ServiceEnding(result: "exit-code", status: 78, invocation: "abc"))
    #expect(ended.isConfigurationError)
    for (result, status) in [("success", 0), ("exit-code", 1), ("signal", 9), ("success", 78)] {
      #expect(!ServiceEnding(result: result, status: status).isConfigurationError)
    }
  }

  @Test func usersAndGroupsMayBeNumbers() {
    #expect(Accounts.user("root")?.id == 0 && Accounts.user("0")?.id == 0)
    #expect(Accounts.group("root") == 0 && Accounts.group("0") == 0)
    for nobody in ["no-such-user", "4294967290", "-1", "", "0x0"] {
      #expect(Accounts.user(nobody) == nil && Accounts.group(nobody) == nil)
    }
  }
}

/// What is known about the installed version, and what is made of it.
@Suite struct InstalledVersionTests {
  @Test func placesThatDisagreeAreNamed() throws {
    let facts = Facts.healthy.with {
      $0.elasticsearch.packageVersion = ElasticsearchVersion(8, 1, 0)
    }
    let notes = try plan(.generating, facts).notes
    #expect(
      notes.contains(
        "'lib' has Elasticsearch 7.0.0, and the package database says 8.1.0: the first is what runs"
      ))
    let same = Facts.healthy.with {
      $0.elasticsearch.packageVersion = ElasticsearchVersion(7, 0, 0)
    }
    #expect(try plan(.generating, same).notes.isEmpty)
  }

  @Test func anUnknownVersionIsSaidAndTakenForAnOldOne() throws {
    let plan = try plan(.generating, .healthy.with { $0.elasticsearch.version = nil })
    #expect(plan.notes.contains { $0.hasPrefix("the version of Elasticsearch is not known") })
    #expect(
      plan.steps.contains {
        if case .heap(let setting) = $0 { !setting.ownFile } else { false }
      })
  }

  @Test func openSearchIsRefusedByName() throws {
    let facts = Facts.healthy.with {
      $0.elasticsearch.product = .openSearch
      $0.elasticsearch.settings = .missing
    }
    let spec = VolumeSpec.generating.with { $0.service = "opensearch.service" }
    #expect(
      try refusal(spec, facts).description
        == "'opensearch.service' runs OpenSearch, and esvault sets up Elasticsearch alone")
  }

  @Test func aGroupThatIsNotThereIsRefused() throws {
    let facts = Facts.healthy.with { $0.elasticsearch.user = .missingGroup(name: "search") }
    #expect(
      try refusal(.generating, facts).description
        == "there is no group 'search', as which 'elasticsearch.service' runs")
  }

  @Test func dataOfANewerVersionIsShown() {
    var state = Sample.nodeState
    state.marker = ElasticsearchVersion(8, 17, 0)
    let facts = ChainFacts.whole.with {
      $0.nodeState = .seen(state)
      $0.version = ElasticsearchVersion(8, 1, 0)
    }
    #expect(
      ChainCheck(.recorded, facts).problems.map(\.description) == [
        "the data in '/mnt/es/elasticsearch' was written by Elasticsearch 8.17.0, and Elasticsearch 8.1.0 is installed"
      ])
    for version in [nil, ElasticsearchVersion(8, 17, 0), ElasticsearchVersion(9, 0, 0)] {
      #expect(ChainCheck(.recorded, facts.with { $0.version = version }).problems.isEmpty)
    }
    #expect(VolumeStatus(.recorded, facts).version == "8.1.0")
  }
}
