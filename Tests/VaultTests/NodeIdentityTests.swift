import Elasticsearch
import Glibc
import Testing

@testable import Vault

/// The node that a volume is known to have, and the one that is found on it.
@Suite struct NodeIdentityTests {
  private static let other = NodeState(nodeID: "AAAAAAAAAAAAAAAAAAAAAA")
  private let id = Sample.nodeState.nodeID

  @Test func aNodeThatRunsIsRecordedWithoutBeingStopped() throws {
    let facts = Facts.finished.with { $0.configuration = .reading(Sample.recordedWithoutNode) }
    let steps = try plan(.recorded, facts).steps
    #expect(steps.map(\.id) == ["record"])
    guard case .record(let volume, nil)? = steps.first else { return }
    #expect(volume.node == id)
  }

  @Test func onlyANodeThatIsSeenToUseTheVolumeIsRecorded() throws {
    for change in [
      { $0.elasticsearch.service = .stopped }, { $0.elasticsearch.usesData = false },
      { $0.directories?.nodeState = .none },
    ] as [(inout Facts) -> Void] {
      let facts = Facts.finished.with {
        $0.configuration = .reading(Sample.recordedWithoutNode)
        change(&$0)
      }
      #expect(try !plan(.recorded, facts).steps.contains { $0.id == "record" })
    }
  }

  @Test func aFileWithoutRoomForTheNodeIsNoReasonToRefuseAFinishedMachine() throws {
    let flow = """
      version: 1
      volumes:
        - {name: esvol, device: vol1, uuid: 11111111-7d0e-4f0e-9c1b-0d6f2a9b1c11, mount: /mnt/es,
           data: /mnt/es/elasticsearch, key: {file: /etc/esvault/keys/esvol.key},
           elasticsearch: {config: /etc/elasticsearch, service: elasticsearch.service, heap: auto}}

      """
    let plan = try plan(.recorded, .finished.with { $0.configuration = .reading(flow) })
    #expect(plan.steps.isEmpty && plan.notes.count == 1)
    #expect(plan.notes.first?.contains("is not recorded in '/etc/esvault/esvault.yml'") == true)
  }

  @Test(arguments: [NodeStateFacts.present(other), .none], [ServiceFacts.running, .stopped])
  func provisionDoesNotGoOnWithAnotherNodeOrNone(
    _ state: NodeStateFacts, _ service: ServiceFacts
  ) throws {
    let facts = Facts.finished.with {
      $0.directories?.nodeState = state
      $0.elasticsearch.service = service
    }
    let refusal = try refusal(.recorded, facts)
    #expect(refusal.description.contains("the recorded one is '\(id)'"))
    #expect(refusal.advice.contains("remove the volume's line 'node:'"))
    // Accepted by whoever removes the line.
    let accepted = facts.with { $0.configuration = .reading(Sample.recordedWithoutNode) }
    _ = try plan(.recorded, accepted)
  }

  @Test func whatIsClosedIsLookedAtBeforeItsNodeIsStarted() throws {
    let facts = Facts.finished.with {
      $0.mapping = .none
      $0.mountPoint = .directory(isEmpty: true, isImmutable: true)
      $0.directories = nil
      $0.elasticsearch.service = .stopped
    }
    let steps = try plan(.recorded, facts).steps
    let node = RecordedNode(volume: "esvol", id: id)
    #expect(
      steps.contains(
        .start(
          service: "elasticsearch.service", data: "/mnt/es/elasticsearch", expecting: node)))
    guard case .verify(let verification)? = steps.last else {
      Issue.record("\(steps)")
      return
    }
    #expect(verification.node == id)
  }

  @Test func aStartComparesTheNodeAndStartsNoOther() async throws {
    let scratch = try Scratch()
    let host = LinuxHost(keys: StandardInputKey())
    let step = Step.start(
      service: "none.service", data: scratch.path,
      expecting: RecordedNode(volume: "esvol", id: id))
    let failure = await #expect(throws: StepFailure.self) { try await host.perform(step) }
    #expect(
      failure?.description == "volume 'esvol' holds no node, and the recorded one is '\(id)'")
  }

  @Test func theReportNamesBothNodesAndTheGateLetsThemPass() {
    let spec = VolumeSpec.recorded.with { $0.node = id }
    for (state, words) in [
      (Sight.seen(Self.other), "holds the node 'AAAAAAAAAAAAAAAAAAAAAA'"),
      (.nothing, "holds no node"),
    ] {
      let check = ChainCheck(spec, .whole.with { $0.nodeState = state })
      #expect(check.problems.count == 1)
      #expect(check.problems.first?.description.contains(words) == true)
      #expect(check.barriers.isEmpty && check.barriersOfService.isEmpty)
    }
    #expect(ChainCheck(spec, .whole).problems.isEmpty)
    #expect(ChainCheck(spec, .whole.with { $0.nodeState = .needsRoot }).problems.isEmpty)
    #expect(ChainCheck(spec, .closed).problems.count == 1, "closed, and no word of its node")
  }

  @Test func theRecordGivesTheSpecItsNode() throws {
    let spec = VolumeRequest().specs(in: .reading(Sample.recorded))[0]
    #expect(spec.node == id)
  }

  @Test func aVolumeThatIsTakenOverKeepsItsNode() throws {
    let before = Configuration.reading(Sample.recorded)
    #expect(before.volume(named: "esvol")?.node == id)
    let mismatch = NodeMismatch(recorded: nil, present: .present(Self.other), on: "esvol")
    #expect(mismatch == nil)
    #expect(NodeMismatch(recorded: id, present: .damaged("it is"), on: "esvol") == nil)
  }
}

/// What a link in the data path leads to may be another disk.
@Suite struct DataLinkTests {
  @Test func aLinkOnTheWayIsFound() throws {
    let scratch = try Scratch()
    mkdir(scratch.path + "/a", 0o700)
    mkdir(scratch.path + "/a/b", 0o700)
    symlink("a", scratch.path + "/l")
    func link(_ path: String) -> String? {
      SymbolicLink.first(below: scratch.path, to: scratch.path + path)
    }
    #expect(link("/a/b") == nil && link("/none/b") == nil && link("") == nil)
    #expect(link("/l") == scratch.path + "/l" && link("/l/b") == scratch.path + "/l")
  }

  /// Letters of several bytes, and one that hides the slash before it from Swift's characters.
  @Test(arguments: ["/データ", "/\u{301}x"]) func itIsFoundBehindAnyName(_ name: String) throws {
    let scratch = try Scratch()
    mkdir(scratch.path + name, 0o700)
    symlink("nowhere", scratch.path + name + "/l")
    let found = SymbolicLink.first(below: scratch.path + name, to: scratch.path + name + "/l")
    #expect(found == scratch.path + name + "/l")
    #expect(
      SymbolicLink.first(below: scratch.path, to: scratch.path + name + "/l") == found)
  }

  @Test func aDataPathBehindALinkIsRefused() throws {
    let link = Facts.finished.with {
      $0.directories?.link = "/mnt/es/elasticsearch"
      $0.directories?.data = nil
    }
    for facts in [link, link.with { $0.elasticsearch.service = .stopped }] {
      let refusal = try refusal(.recorded, facts)
      #expect(
        refusal.description
          == "'/mnt/es/elasticsearch' leads through the symbolic link '/mnt/es/elasticsearch'")
    }
    #expect(throws: Refusal.self) { try Plan.unlocking(.recorded, link) }
  }

  @Test func theReportNamesIt() {
    let check = ChainCheck(.recorded, .whole.with { $0.dataLink = "/mnt/es/elasticsearch" })
    #expect(check.problems.first?.description.contains("leads through the symbolic link") == true)
  }
}
