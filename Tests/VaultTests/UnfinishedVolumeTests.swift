import BlockDevices
import LUKS
import Testing

@testable import Vault

/// What a half-made volume and a half-true success lead to.
@Suite struct UnfinishedVolumeTests {
  @Test(arguments: [KeyFacts.absent, .unstored])
  func aHalfMadeVolumeWhoseKeyIsLostCanBeGivenUp(key: KeyFacts) throws {
    let facts = Facts.with(.ours(tokens: [.esvol(.formatted)])).with { $0.key = key }
    let plan = try plan(.wiping, facts)
    #expect(plan.steps.contains { $0.id == "wipe" })
    let starts = plan.steps.compactMap { step -> Formatting.Start? in
      if case .format(let formatting) = step { formatting.start } else { nil }
    }
    #expect(starts == [.wiped])
  }

  @Test func aHalfMadeVolumeWhoseKeyIsThereIsContinued() throws {
    let facts = Facts.with(.ours(tokens: [.esvol(.formatted)]))
    #expect(try plan(.wiping, facts).steps.first?.id == "open")
  }

  @Test func anOpenOrRecordedOrReadyVolumeIsNotGivenUp() throws {
    let ready = Facts.with(.ours(tokens: [.esvol(.ready)])).with { $0.key = .absent }
    #expect(try refusal(.wiping, ready).description.contains("is gone"))
    let open = Facts.with(.ours(tokens: [.esvol(.formatted)])).with {
      $0.key = .unstored
      $0.mapping = .encrypted(.esvol(), above: ["nvme1n1"], inside: nil)
    }
    #expect(try plan(.wiping, open).steps.contains { $0.id == "wipe" } == false)
  }

  @Test func theLostKeyOfAHalfMadeVolumeHasAWayOut() throws {
    let facts = Facts.with(.ours(tokens: [.esvol(.formatted)])).with { $0.key = .absent }
    #expect(try refusal(.generating, facts).advice.contains("--wipe /dev/nvme1n1"))
  }

  @Test func aVolumeThatIsMountedBeforeItIsReadyIsRefused() throws {
    let facts = Facts.with(.ours(tokens: [.esvol(.formatted)])).with {
      $0.mapping = .encrypted(.esvol(), above: ["nvme1n1"], inside: .ext4())
      $0.mountPoint = .volume
    }
    #expect(try refusal(.generating, facts).description.contains("never finished"))
  }

  @Test func aMountPointThatCannotBeGuardedIsRefusedBeforeAnythingIsWritten() throws {
    let facts = Facts.healthy.with { $0.canGuard = false }
    #expect(try refusal(.generating, facts).description.contains("immutable"))
    let guarded = facts.with { $0.mountPoint = .directory(isEmpty: true, isImmutable: true) }
    #expect(try plan(.generating, guarded).steps.contains { $0.id == "mount" })
  }

  @Test func aNodeStateOfLongAgoIsNoProofThatTheServiceUsesTheVolume() throws {
    let elsewhere = Facts.finished.with { $0.elasticsearch.usesData = false }
    #expect(try plan(.recorded, elsewhere).steps.map(\.id) == ["verify"])
    let here = Facts.finished.with { $0.elasticsearch.usesData = true }
    #expect(try plan(.recorded, here).steps.isEmpty)
  }

  @Test func aMappingThatEncryptsOtherwiseDoesNotFollowThePolicy() {
    #expect(Mapping.esvol().follows(Policy()))
    for change in [
      { $0.cipher = "cipher_null-ecb" }, { $0.keyBits = 256 }, { $0.dataOffset = 32 << 20 },
    ] as [(inout Mapping) -> Void] {
      var mapping = Mapping.esvol()
      change(&mapping)
      #expect(!mapping.follows(Policy()))
    }
  }
}

/// Advice must name the file that this run reads.
@Suite struct ConfigurationPathTests {
  @Test func adviceNamesTheConfigurationThatWasRead() throws {
    let facts = Facts.rebooted.with { $0.configurationPath = "/root/trial.yml" }
    let refusal = try #require(throws: Refusal.self) {
      try Plan.unlocking(.recorded.with { $0.uuid = nil }, facts)
    }
    #expect(refusal.description.contains("/root/trial.yml has no 'uuid'"))
  }
}
