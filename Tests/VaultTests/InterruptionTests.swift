import BlockDevices
import LUKS
import Testing

@testable import Vault

/// A run that was killed is continued by the next one, and only on the disk that it had begun.
@Suite struct InterruptionTests {
  @Test func anInterruptedFormatIsContinuedOnlyWithItsIntent() throws {
    let facts = Facts.with(.noise()).with { $0.intent = .esvol() }
    let plan = try plan(.generating, facts)
    #expect(plan.steps.prefix(3).map(\.id) == ["key", "format", "open"])
    #expect(formatting(in: plan)?.start == .interrupted)
    #expect(formatting(in: plan)?.header.uuid == Sample.earlier.luks)
    #expect(formatting(in: plan)?.token.filesystem == Sample.earlier.filesystem)

    let others: [(inout Facts) -> Void] = [
      { $0.intent = nil },
      { $0.intent = .esvol(serial: "vol9") },
      { $0.intent = .esvol(bytes: 1 << 30) },
      { $0.intent = .esvol(serial: nil) },
      {
        $0.intent = .esvol(serial: nil)
        $0.target.disk.serial = nil
      },
      { $0.target.behindHeader = .unknown("data at byte 20000000") },
      { $0.target.behindHeader = nil },
      { $0.target.disk.partitions = ["nvme1n1p1"] },
      { $0.target.contents = .holds(Signature(type: "xfs", usage: .filesystem)) },
    ]
    for change in others {
      #expect(try refusal(.generating, facts.with(change)).description.contains("holds"))
    }
  }

  @Test func anIntentOfAnotherVolumeVouchesForNothing() throws {
    let facts = Facts.with(.noise()).with { $0.intent = .esvol() }
    let spec = VolumeSpec.generating.with { $0.name = "second" }
    #expect(try refusal(spec, facts).description.contains("unknown contents"))
  }

  @Test func aHalfWrittenHeaderIsContinuedWithItsIntent() throws {
    var disk = DiskFacts.noise()
    disk.contents = .holds(Signature(type: "crypto_LUKS", usage: .crypto))
    disk.header = .unreadable("no copy is usable")
    let facts = Facts.with(disk).with { $0.intent = .esvol() }
    #expect(formatting(in: try plan(.generating, facts))?.start == .interrupted)
    let without = try refusal(.generating, facts.with { $0.intent = nil })
    #expect(without.advice.contains("luksHeaderRestore"))
    let full = try refusal(.generating, facts.with { $0.target.behindHeader = .unknown("data") })
    #expect(full.advice.contains("luksHeaderRestore"))
  }

  @Test func aHeaderWithoutKeyslotIsWrittenAnew() throws {
    let facts = Facts.with(.ours().with { $0.keyslots = [] }).with { $0.key = .absent }
    let plan = try plan(.generating, facts)
    #expect(plan.steps.first == .key(path: Sample.key))
    #expect(formatting(in: plan)?.start == .interrupted)
    #expect(formatting(in: plan)?.header.uuid == Sample.earlier.luks)
  }

  @Test func aHalfMadeHeaderWithAKeyslotIsNeverReformatted() throws {
    let plan = try plan(.generating, .with(.ours()))
    #expect(plan.steps.prefix(3).map(\.id) == ["format", "open", "filesystem"])
    #expect(formatting(in: plan)?.start == .keyed)
    #expect(plan.steps.first?.destroys == false)
    // A new key could not open the keyslot that is there.
    let lost = try refusal(.generating, Facts.with(.ours()).with { $0.key = .absent })
    #expect(lost.description.contains("gone"))
  }

  @Test func anUnfinishedHeaderOfNobodyIsRefused() throws {
    let others: [Intent?] = [nil, .esvol(serial: "vol9"), .esvol(bytes: 1), .esvol(serial: nil)]
    for header in [Header.ours(), .ours().with { $0.keyslots = [] }] {
      for intent in others {
        let refusal = try refusal(.generating, Facts.with(header).with { $0.intent = intent })
        #expect(refusal.description.contains("no record on this machine"))
      }
      _ = try refusal(.generating, .with(header.with { $0.uuid = Sample.fresh.luks }))
    }
  }

  @Test func aFormattedVolumeIsOpenedAndGetsItsFilesystem() throws {
    let plan = try plan(.generating, .with(.ours(tokens: [.esvol(.formatted)])))
    #expect(plan.steps.prefix(2).map(\.id) == ["open", "filesystem"])
    guard case .filesystem(let opening) = plan.steps[1] else { return }
    #expect(opening.uuid == Sample.earlier.luks)
    #expect(opening.filesystem == Sample.earlier.filesystem)
  }

  @Test func anUnfinishedFilesystemIsMadeAnewOnlyWithItsOwnUUID() throws {
    func facts(_ inside: Signature?) -> Facts {
      Facts.with(.ours(tokens: [.esvol(.formatted)])).with {
        $0.mapping = .encrypted(.esvol(), above: ["nvme1n1"], inside: inside)
      }
    }
    for inside in [nil, Signature.ext4()] {
      #expect(try plan(.generating, facts(inside)).steps.first?.id == "filesystem")
    }
    let others = [
      Signature.ext4(Sample.fresh.filesystem), Signature(type: "xfs", usage: .filesystem),
    ]
    for inside in others {
      let refusal = try refusal(.generating, facts(inside))
      #expect(refusal.description.contains(Sample.earlier.filesystem))
    }
  }

  @Test func aReadyVolumeWithoutItsFilesystemIsRefused() throws {
    for inside in [nil, Signature.ext4(Sample.fresh.filesystem)] {
      let facts = Facts.finished.with {
        $0.mapping = .encrypted(.esvol(), above: ["nvme1n1"], inside: inside)
      }
      let refusal = try refusal(.recorded, facts)
      #expect(refusal.description.contains(Sample.earlier.filesystem))
      #expect(refusal.advice.contains("never makes the filesystem of a finished volume anew"))
    }
  }

  @Test func theHeaderOfAnOpenVolumeIsNeverWrittenAnew() throws {
    for disk in [DiskFacts.noise(), .carrying(.ours().with { $0.keyslots = [] })] {
      let facts = Facts.with(disk).with {
        $0.intent = .esvol()
        $0.mapping = .encrypted(.esvol(), above: ["nvme1n1"], inside: .ext4())
      }
      #expect(try refusal(.generating, facts).description.contains("is open"))
    }
  }

  @Test func theDiskThatARunHadChosenIsFoundAgainWithoutAName() throws {
    let spec = VolumeSpec.generating.with { $0.device = nil }
    let facts = Facts.with(.noise()).with {
      $0.intent = .esvol()
      $0.named = nil
      $0.disks.append(.blank(2))
    }
    #expect(formatting(in: try plan(spec, facts))?.disk.path == "/dev/nvme1n1")
    // Without the intent it is somebody's noise, and the other disk is the only blank one.
    let other = try plan(spec, facts.with { $0.intent = nil })
    #expect(formatting(in: other)?.disk.path == "/dev/nvme2n1")
  }

  private func formatting(in plan: Plan) -> Formatting? {
    for case .format(let formatting) in plan.steps { return formatting }
    return nil
  }
}
