import Testing

@testable import Vault

/// What `esvault lock` decides.
@Suite struct LockingTests {
  private let closing = Closing(
    name: "esvol", uuid: Sample.earlier.luks, mount: "/mnt/es", timeout: 300)

  @Test func aVolumeInUseIsStoppedUnmountedAndClosed() throws {
    #expect(
      try Plan.locking(.recorded, .finished).steps == [
        .stop(service: "elasticsearch.service", timeout: 300), .unmount(closing), .close(closing),
      ])
  }

  @Test func aClosedVolumeIsLeftAlone() throws {
    #expect(try Plan.locking(.recorded, .rebooted).steps.isEmpty)
  }

  @Test func aVolumeWhoseDiskIsGoneOrFailsIsTakenDown() throws {
    let facts = Facts.finished.with {
      $0.disks = [.system]
      $0.mapping = .unreadable(.esvol(), above: [], "an error")
      $0.mountPoint = .readOnlyVolume
    }
    #expect(try Plan.locking(.recorded, facts).steps.map(\.id) == ["stop", "unmount", "close"])
  }

  @Test func aServiceThatUsesOtherDataIsLeftRunning() throws {
    let facts = Facts.finished.with {
      $0.elasticsearch.settings = .dataPath("/var/lib/elasticsearch")
    }
    #expect(try Plan.locking(.recorded, facts).steps.map(\.id) == ["unmount", "close"])
    let open = facts.with { $0.elasticsearch.usesData = true }
    #expect(try Plan.locking(.recorded, open).steps.first?.id == "stop")
  }

  @Test func somebodyElsesMappingIsLeftAlone() throws {
    let mappings: [(MappingFacts, String)] = [
      (.other("a linear mapping"), "is not volume 'esvol'"),
      (
        .encrypted(.esvol(uuid: Sample.fresh.luks), above: ["nvme1n1"], inside: nil),
        "is another volume than the recorded one"
      ),
    ]
    for (mapping, words) in mappings {
      let refusal = try #require(throws: Refusal.self) {
        try Plan.locking(.recorded, .finished.with { $0.mapping = mapping })
      }
      expectHouseStyle(refusal)
      #expect(refusal.description.contains(words))
    }
  }

  @Test func aVolumeThatWasNeverRecordedIsClosedIfTheIntentNamesIt() throws {
    let facts = Facts.finished.with {
      $0.configuration = .empty
      $0.mountPoint = .absent
    }
    let spec = VolumeSpec.recorded.with { $0.uuid = nil }
    #expect(throws: Refusal.self) { try Plan.locking(spec, facts) }
    let begun = facts.with { $0.intent = .esvol() }
    #expect(try Plan.locking(spec, begun).steps.last == .close(closing))
  }

  @Test func onlyRootCloses() throws {
    #expect(throws: Refusal.self) {
      try Plan.locking(.recorded, .finished.with { $0.isRoot = false })
    }
  }
}
