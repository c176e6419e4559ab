import Elasticsearch
import Testing

@testable import Vault

/// What Elasticsearch's Java machine is told, and what is refused because it would overrule that.
@Suite struct ProvisioningJVMTests {
  private let unit = "/usr/lib/systemd/system/elasticsearch.service"

  private func facts(_ change: (inout ElasticsearchFacts) -> Void) -> Facts {
    .healthy.with { change(&$0.elasticsearch) }
  }

  private func saying(_ text: String, in path: String? = nil) -> Facts {
    facts { $0.definition = ServiceDefinition(files: [UnitFile(path: path ?? unit, text: text)]) }
  }

  private func setting(_ spec: VolumeSpec, _ facts: Facts) throws -> JVMSetting? {
    for case .heap(let setting) in try plan(spec, facts).steps { return setting }
    return nil
  }

  private var confined: VolumeSpec { .generating.with { $0.confines = true } }

  @Test func aLineThatElasticsearchRefusesIsRefusedWhateverIsAskedFor() throws {
    let facts = facts {
      $0.jvm = .folder((name: "a.options", text: " -Xmx1g"))
      $0.jvm.problem = "it would not accept '/etc/elasticsearch/jvm.options.d/a.options:1'"
    }
    for spec in [
      VolumeSpec.generating,
      .generating.with {
        $0.heap = .keep
        $0.keepsDiagnostics = true
      },
    ] { #expect(try refusal(spec, facts).description.contains("a.options:1")) }
  }

  @Test func aLaterFileThatSetsTheHeapIsNamed() throws {
    let facts = facts { $0.jvm = .folder((name: "zzz.options", text: "#\n-Xmx2g\n")) }
    let refusal = try refusal(.generating, facts)
    #expect(
      refusal.description
        == "'-Xmx2g' in '/etc/elasticsearch/jvm.options.d/zzz.options:2' would win over the heap of 4g"
    )
    #expect(refusal.advice.hasSuffix("--heap keep"))
    let earlier = self.facts { $0.jvm = .folder((name: "a.options", text: "-Xmx2g\n")) }
    #expect(try setting(.generating, earlier) == .esvol(ownFile: true))
    #expect(try setting(.generating.with { $0.heap = .keep }, facts)?.wishes.heap == nil)
  }

  @Test func aShareOfTheMemoryIsTheHeapThatIsKept() throws {
    let facts = facts {
      $0.jvm = .saying("-XX:MaxRAMPercentage=75\n")
      $0.version = ElasticsearchVersion(7, 0, 0)
    }
    #expect(facts.elasticsearch.heapShare?.text == "-XX:MaxRAMPercentage=75")
    let newer = facts.with { $0.elasticsearch.version = ElasticsearchVersion(7, 11, 0) }
    #expect(newer.elasticsearch.heapShare == nil)
    #expect(try setting(.generating.with { $0.heap = .keep }, facts)?.wishes.heap == nil)
    #expect(try setting(.generating, facts)?.wishes.heap == 4 << 30)
  }

  @Test func aVariableThatSetsTheHeapIsNamed() throws {
    let facts = facts {
      $0.jvm.options.variables = [
        .init(name: "ES_JAVA_OPTS", value: "-Da=b -Xms1g", place: "/etc/default/elasticsearch:9")
      ]
    }
    #expect(
      try refusal(.generating, facts).description
        == "'-Xms1g' in 'ES_JAVA_OPTS in /etc/default/elasticsearch:9' would win over the heap of 4g"
    )
  }

  @Test func aDumpThatWouldLeaveTheVolumeIsRefused() throws {
    let facts = facts { $0.jvm = .folder((name: "zzz.options", text: "-XX:HeapDumpPath=/tmp\n")) }
    #expect(try refusal(.generating, facts).advice.hasSuffix("--keep-diagnostics"))
    #expect(
      try setting(.generating.with { $0.keepsDiagnostics = true }, facts)?.wishes
        == JVMWishes(heap: 4 << 30))
    // Not into the data: Elasticsearch takes it for damage.
    let inside = self.facts {
      $0.jvm = .folder((name: "z.options", text: "-XX:HeapDumpPath=/mnt/es/elasticsearch/d\n"))
    }
    #expect(try setting(.generating, inside) == .esvol(ownFile: true))
    let later = self.facts {
      $0.jvm = .folder((name: "zzz.options", text: "-XX:HeapDumpPath=/mnt/es/elasticsearch/d\n"))
    }
    _ = try refusal(.generating, later)
  }

  @Test func aPathOnTheCommandLineIsRefused() throws {
    let text =
      "[Service]\nExecStart=/usr/share/elasticsearch/bin/elasticsearch -Epath.data=/var/x\n"
    let refusal = try refusal(.generating, saying(text))
    #expect(
      refusal.description == "'-Epath.data=/var/x' in '\(unit):2' would win over elasticsearch.yml")
    _ = try plan(.generating, saying(text.replacing("/var/x", with: "/mnt/es/elasticsearch")))
    let logs = saying("[Service]\nExecStart=/bin/es -E path.logs=/var/log/es\n")
    _ = try plan(.generating, logs)
    #expect(try self.refusal(confined, logs).description.contains("path.logs"))
  }

  @Test func aSecondElementOfAListOnTheCommandLineIsRefused() throws {
    let text = "[Service]\nExecStart=/bin/es -Epath.data.0=/mnt/es/elasticsearch -Epath.data.1=/x\n"
    #expect(try refusal(.generating, saying(text)).description.hasPrefix("'-Epath.data=/x' in '"))
  }

  @Test(arguments: [
    "PassEnvironment=ES_JAVA_OPTS", "Environment=ES_PATH_CONF=/etc/%H", "EnvironmentFile=/etc/%H",
    "PassEnvironment=X\nExecStart=/bin/es $X",
  ])
  func whatTheUnitDoesNotTellIsRefused(_ line: String) throws {
    let refusal = try refusal(.generating, saying("[Service]\n\(line)\n"))
    #expect(refusal.description.contains("'\(unit):2' does not tell what Elasticsearch is started"))
  }

  private func refusal(_ spec: VolumeSpec, _ facts: Facts) throws -> Refusal {
    try VaultTests.refusal(spec, facts)
  }

  @Test func aDropInThatAllowsCoreDumpsIsNamed() throws {
    let path = "/etc/systemd/system/elasticsearch.service.d/override.conf"
    let facts = saying("[Service]\nLimitMEMLOCK=infinity\nLimitCORE=infinity\n", in: path)
    let refusal = try refusal(.generating, facts)
    #expect(refusal.description.contains("'LimitCORE=infinity' in '\(path):3'"))
    _ = try plan(.generating.with { $0.keepsDiagnostics = true }, facts)
  }

  @Test func temporaryFilesThatWouldLeaveTheVolumeAreRefused() throws {
    let path = "/etc/systemd/system/elasticsearch.service.d/override.conf"
    let facts = saying("[Service]\nEnvironment=ES_TMPDIR=/var/tmp\n", in: path)
    _ = try plan(.generating, facts)
    #expect(
      try refusal(confined, facts).description
        == "'ES_TMPDIR=/var/tmp' in '\(path):2' would win over '/mnt/es/tmp'")
  }

  @Test func confiningTakesEverythingOntoTheVolume() throws {
    let facts = facts { $0.logs = "/var/log/elasticsearch" }
    let plan = try plan(confined, facts)
    let wishes = JVMWishes(
      heap: 4 << 30, diagnostics: "/mnt/es/diagnostics", gcLog: "/mnt/es/logs/gc.log")
    #expect(try setting(confined, facts)?.wishes == wishes)
    #expect(
      plan.steps.contains(
        .dataPath(
          configuration: "/etc/elasticsearch", path: "/mnt/es/elasticsearch", logs: "/mnt/es/logs"))
    )
    for case .directory(let directory) in plan.steps {
      #expect(directory.others == ["/mnt/es/diagnostics", "/mnt/es/logs", "/mnt/es/tmp"])
    }
    for case .units(let units) in plan.steps {
      let gate = try #require(units.files.last?.text)
      #expect(gate.contains("\nEnvironment=ES_TMPDIR=/mnt/es/tmp\n"))
      #expect(gate.contains("\nLimitCORE=0\n"))
    }
    for case .record(let volume, _) in plan.steps { #expect(volume.elasticsearch.confines == true) }
    #expect(
      plan.notes == [
        "Elasticsearch's old logs stay in '/var/log/elasticsearch', unencrypted: remove them when nobody needs them any more"
      ])
  }

  @Test func whatIsKeptIsLeftAlone() throws {
    let spec = VolumeSpec.generating.with {
      $0.heap = .keep
      $0.keepsDiagnostics = true
    }
    let plan = try plan(spec, .healthy)
    #expect(!plan.steps.contains { $0.id == "heap" })
    for case .directory(let directory) in plan.steps { #expect(directory.others.isEmpty) }
    for case .units(let units) in plan.steps {
      #expect(units.files.last?.text.contains("LimitCORE") == false)
    }
    #expect(try setting(.generating.with { $0.heap = .keep }, .healthy)?.wishes.heap == nil)
  }

  @Test func aMachineOfAnOlderVersionGetsItsDiagnosticsWhileItsNodeIsStopped() throws {
    let older = Facts.finished.with {
      $0.elasticsearch.jvm = .saying("-Xms4g\n-Xmx4g\n-XX:HeapDumpPath=/var/lib/elasticsearch\n")
      $0.directories?.others = [:]
    }
    #expect(try refusal(.recorded, older).description.hasSuffix("is running"))
    let stopped = older.with { $0.elasticsearch.service = .stopped }
    #expect(
      try plan(.recorded, stopped).steps.map(\.id) == ["directory", "heap", "start", "verify"])
    #expect(try plan(.recorded, .finished).steps.isEmpty)
  }

  @Test func theOwnFileIsWrittenOnlyWhenItSaysSomethingElse() throws {
    let name = "zz-esvault.options"
    let wishes = JVMSetting.esvol(ownFile: true).wishes
    let text = String(decoding: try JVMOptions.ownFile(wishes), as: UTF8.self)
    let facts = facts { $0.jvm = .folder((name: name, text: "# another comment\n" + text)) }
    #expect(try setting(.generating, facts) == nil)
    #expect(try setting(.generating.with { $0.heap = .keep }, facts) == nil)
    let other = self.facts { $0.jvm = .folder((name: name, text: text + "-Da=b\n")) }
    #expect(try setting(.generating, other) == .esvol(ownFile: true))
  }

  @Test func theHeapIsHalfOfWhatTheServiceMayHave() throws {
    #expect(
      try setting(.generating, facts { $0.memoryLimit = 3 << 30 })?.wishes.heap == 1536 << 20)
    let told = facts {
      $0.memoryLimit = 3 << 30
      $0.version = ElasticsearchVersion(7, 11, 0)
      $0.jvm = .saying("-Des.total_memory_bytes=2147483648\n")
    }
    #expect(try setting(.generating, told)?.wishes.heap == 1 << 30)
    let older = told.with { $0.elasticsearch.version = ElasticsearchVersion(7, 10, 2) }
    #expect(try setting(.generating, older)?.wishes.heap == 1536 << 20)
  }

  @Test func aHeapThatElasticsearchWouldChooseIsSaidToBe() throws {
    let facts = facts { $0.version = ElasticsearchVersion(8, 17, 0) }
    let note = "Elasticsearch 8.17.0 would choose a heap of 4g by itself"
    #expect(try plan(.generating, facts).notes.contains { $0.hasPrefix(note) })
    #expect(try plan(.generating.with { $0.heap = .bytes(1 << 30) }, facts).notes.isEmpty)
    #expect(try plan(.generating, .healthy).notes.isEmpty)
  }

  @Test func aHeapBeyondCompressedPointersIsSaidToBe() throws {
    let large = Facts.healthy.with { $0.memory = 512 << 30 }
    #expect(
      try setting(.generating.with { $0.heap = .percent(50) }, large)?.wishes.heap == 31 << 30)
    for heap in [HeapRequest.percent(50), .bytes(40 << 30)] {
      let notes = try plan(.generating.with { $0.heap = heap }, large).notes
      #expect(notes.contains { $0.contains("twice the memory for each pointer") })
    }
    #expect(try plan(.generating, large).notes.isEmpty)
  }

  @Test func aNodeThatRunsWithAnotherHeapIsSaidTo() throws {
    let facts = Facts.finished.with {
      $0.elasticsearch.jvm.running = JVMHeap(initial: 1 << 30, maximum: 2 << 30)
    }
    let note =
      "the running node has a heap of 2g, initially 1g, and its options say 4g: they count from its next start on: systemctl restart elasticsearch.service"
    #expect(try plan(.recorded, facts).notes == [note])
    let same = facts.with { $0.elasticsearch.jvm.running = $0.elasticsearch.jvm.options.heap }
    #expect(try plan(.recorded, same).notes.isEmpty)
    #expect(facts.with { $0.elasticsearch.service = .stopped }.noteOnRunningHeap(of: "e") == nil)
  }

  @Test func theDataStaysApartFromWhatElasticsearchWritesBesides() throws {
    for path in ["/mnt/es/diagnostics", "/mnt/es/diagnostics/data"] {
      let spec = VolumeSpec.generating.with { $0.data = path }
      #expect(try refusal(spec, .healthy).advice.hasSuffix("--data /mnt/es/elasticsearch"))
      _ = try plan(spec.with { $0.keepsDiagnostics = true }, .healthy)
    }
    let logs = confined.with { $0.data = "/mnt/es/logs" }
    _ = try refusal(logs, .healthy)
  }

  @Test func aMountPointThatNoOptionCanNameIsRefused() throws {
    let spec = VolumeSpec.generating.with {
      $0.mount = "/srv/my es"
      $0.data = "/srv/my es/data"
    }
    #expect(try refusal(spec, .healthy).advice.hasSuffix("--keep-diagnostics"))
    _ = try plan(spec.with { $0.keepsDiagnostics = true }, .healthy)
  }

  @Test func everyDirectoryOfElasticsearchIsCompared() {
    let wanted = DataDirectory(
      mount: "/mnt/es", path: "/mnt/es/data", others: ["/mnt/es/logs"], userName: "es", user: 1,
      group: 2)
    let right = Ownership(user: 1, group: 2, mode: 0o750)
    var facts = DirectoryFacts(rootMode: 0o711, data: right, nodeState: .none)
    #expect(wanted.mismatch(with: facts) == "there is no directory '/mnt/es/logs'")
    facts.others["/mnt/es/logs"] = Ownership(user: 1, group: 2, mode: 0o700)
    #expect(wanted.mismatch(with: facts) == "'/mnt/es/logs' has mode 700, not 750")
    facts.others["/mnt/es/logs"] = right
    #expect(wanted.mismatch(with: facts) == nil)
  }
}
