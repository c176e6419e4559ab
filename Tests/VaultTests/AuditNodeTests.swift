import BlockDevices
import Elasticsearch
import Testing

@testable import Vault

/// Whether a volume is Elasticsearch's.
@Suite struct AuditNodeTests {
  private let elsewhere = DeviceNumber(major: 254, minor: 1)

  @Test func onAFinishedMachineItIs() {
    for check in [Check.volumeConfigured, .nodeState, .openFiles, .ownership, .heap] {
      #expect(check.observation()?.verdict == .pass, "\(check.id)")
    }
  }

  @Test func withoutAVolumeNothingPasses() {
    #expect(Check.volumeConfigured.judge(AuditFacts()).map(\.verdict) == [.fail])
    let unmade = AuditFacts(volumes: [AuditedVolume.finished.with { $0.spec.uuid = nil }])
    #expect(Check.volumeConfigured.judge(unmade).map(\.verdict) == [.fail])
  }

  /// A fleet's report says what keeps a host from having one.
  @Test(arguments: [[], [AuditedVolume.finished.with { $0.spec.uuid = nil }]])
  func whereThereIsNoneTheAuditSaysWhatIsOnTheDisks(_ volumes: [AuditedVolume]) {
    var facts = AuditFacts(volumes: volumes)
    facts.obstacles = ["'/dev/nvme1n1' holds ext4 filesystem 'somebody'"]
    #expect(Check.volumeConfigured.judge(facts).map(\.evidence) == [facts.obstacles])
  }

  @Test func aNodeThatIsNotTheRecordedOneFails() {
    Check.nodeState.expect(.fail, "and the recorded one is") {
      $0.spec.node = "BBBBBBBBBBBBBBBBBBBBBB"
    }
    Check.nodeState.expect(.fail, "holds no node") { $0.chain.nodeState = .nothing }
    Check.nodeState.expect(.unknown, "no node has written") {
      $0.chain.nodeState = .nothing
      $0.spec.node = nil
    }
    Check.nodeState.expect(.unknown, "damaged") { $0.chain.nodeState = .failed("damaged") }
    Check.nodeState.expect(.unknown, "only root") { $0.chain.nodeState = .needsRoot }
  }

  @Test func aNodeThatLiesElsewhereFails() {
    Check.nodeState.expect(.fail, "on another device") { $0.use.stateDevice = self.elsewhere }
    Check.nodeState.expect(.fail, "on another device") { $0.use.stateDevice = nil }
    Check.nodeState.expect(.fail, "symbolic link '/mnt/es/elasticsearch'") {
      $0.chain.dataLink = "/mnt/es/elasticsearch"
    }
  }

  @Test func aNodeOfANewerVersionFails() {
    Check.nodeState.expect(.fail, "was written by Elasticsearch 8.17.0") {
      $0.chain.nodeState = .seen(
        NodeState(
          nodeID: Sample.nodeState.nodeID, nodeVersionID: 8_170_099, file: Sample.nodeState.file))
      $0.chain.version = ElasticsearchVersion(7, 0, 0)
    }
  }

  @Test func aVolumeThatIsNotMountedHidesItsNode() {
    for check in [Check.nodeState, .ownership] {
      check.expect(.unknown, "is not mounted") { $0.chain = .closed }
    }
    Check.nodeState.expect(.unknown, "is not mounted") { $0.chain.mounts.data?.id = 9 }
  }

  @Test func filesThatAreOpenElsewhereFail() {
    Check.openFiles.expect(.fail, "has '/var/lib/elasticsearch/x.st' open") {
      $0.use.openFiles = .seen(
        OpenDataFiles(onVolume: 3, elsewhere: ["/var/lib/elasticsearch/x.st": self.elsewhere]))
    }
    Check.openFiles.expect(.fail, "and 1 more") {
      $0.use.openFiles = .seen(
        OpenDataFiles(elsewhere: ["/a/_0.cfs": self.elsewhere, "/a/_1.cfs": self.elsewhere]))
    }
    Check.openFiles.expect(.fail, "runs, and volume 'esvol' is not mounted") {
      $0.chain = .closed.with { $0.service = .running }
    }
  }

  @Test func withoutALookAtTheProcessesNothingIsKnown() {
    Check.openFiles.expect(.unknown, "only root") { $0.use.openFiles = .needsRoot }
    Check.openFiles.expect(.unknown, "could not be found") { $0.use.openFiles = .nothing }
    Check.openFiles.expect(.unknown, "no answer") { $0.chain.service = .unknown("no answer") }
  }

  @Test func aNodeThatHasJustBegunToStartIsNotJudged() {
    Check.openFiles.expect(.unknown, "it may still be starting") {
      $0.use.openFiles = .seen(OpenDataFiles())
    }
  }

  @Test func aServiceThatIsStoppedHasNoFileOpen() {
    Check.openFiles.expect(.pass, "is not running") { $0.chain.service = .stopped }
    // Processes that outlive their service.
    Check.openFiles.expect(.fail, "has '/var/x.st' open") {
      $0.chain.service = .stopped
      $0.use.hasProcesses = true
      $0.use.openFiles = .seen(
        OpenDataFiles(onVolume: 1, elsewhere: ["/var/x.st": DeviceNumber(major: 8, minor: 1)]))
    }
  }

  @Test func directoriesOfOthersFail() {
    let directories = Facts.finished.directories!
    Check.ownership.expect(.fail, "has mode 755, not 711") {
      $0.use.directories = .seen(directories.with { $0.rootMode = 0o755 })
    }
    Check.ownership.expect(.fail, "belongs to 0:0") {
      $0.use.directories = .seen(
        directories.with { $0.data = Ownership(user: 0, group: 0, mode: 0o750) })
    }
    Check.ownership.expect(.fail, "there is no directory '/mnt/es/diagnostics'") {
      $0.use.directories = .seen(directories.with { $0.others = [:] })
    }
    Check.ownership.expect(.unknown, "only root") { $0.use.directories = .needsRoot }
    Check.ownership.expect(.unknown, "the user that") {
      $0.elasticsearch?.user = .missing(name: "elasticsearch")
    }
  }

  @Test func aHeapThatGrowsOrIsTooLargeFails() {
    func saying(_ text: String, _ change: (inout AuditedVolume) -> Void = { _ in })
      -> (inout AuditedVolume) -> Void
    {
      { $0.elasticsearch?.jvm = .saying(text) }
    }
    Check.heap.expect(.fail, "Xms is 1g, and Xmx 4g", after: saying("-Xms1g\n-Xmx4g\n"))
    Check.heap.expect(.fail, "more than half", after: saying("-Xms5g\n-Xmx5g\n"))
    Check.heap.expect(
      .fail, "compressed pointers", memory: 128 * Sample.gibibyte,
      after: saying("-Xms32g\n-Xmx32g\n"))
    Check.heap.expect(.fail, "no option says", after: saying(""))
    Check.heap.expect(.pass, "chooses its heap") {
      $0.elasticsearch?.jvm = .saying("")
      $0.elasticsearch?.version = ElasticsearchVersion(8, 17, 0)
    }
    Check.heap.expect(.fail, "more than half") { $0.elasticsearch?.memoryLimit = 4 << 30 }
    Check.heap.expect(.fail, "the running node has a heap of 1g") {
      $0.elasticsearch?.jvm.running = JVMHeap(initial: 1 << 30, maximum: 1 << 30)
    }
    Check.heap.expect(.fail, "would not start") { $0.elasticsearch?.jvm.problem = "no" }
    Check.heap.expect(.unknown, "only root") { $0.chain.heap = .needsRoot }
    Check.heap.expect(.unknown, "was not looked at") { $0.elasticsearch = nil }
  }
}

extension DirectoryFacts {
  fileprivate func with(_ change: (inout DirectoryFacts) -> Void) -> DirectoryFacts {
    var facts = self
    change(&facts)
    return facts
  }
}
