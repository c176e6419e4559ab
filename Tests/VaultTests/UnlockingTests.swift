import BlockDevices
import LUKS
import Testing

@testable import Vault

/// What `esvault unlock` decides about a recorded volume.
@Suite struct UnlockingTests {
  private let opening = Opening(
    disk: DiskIdentity(path: "/dev/nvme1n1", serial: "vol1", bytes: 64 * Sample.gibibyte),
    name: "esvol", uuid: Sample.earlier.luks, filesystem: Sample.earlier.filesystem,
    policy: Policy(), timeout: 300)
  private let directory = DataDirectory(
    mount: "/mnt/es", path: "/mnt/es/elasticsearch", userName: "elasticsearch", user: 111,
    group: 112)

  @Test func afterARebootTheVolumeIsOpenedMountedAndItsServiceStarted() throws {
    let plan = try Plan.unlocking(.recorded, .rebooted)
    #expect(
      plan.steps == [
        .open(opening),
        .mount(Mounting(opening: opening, path: "/mnt/es", directory: directory)),
        .start(service: "elasticsearch.service", data: "/mnt/es/elasticsearch"),
      ])
    #expect(plan.notes.isEmpty && plan.needsKey && !plan.destroys)
  }

  @Test func anOpenAndMountedVolumeIsLeftAlone() throws {
    #expect(try Plan.unlocking(.recorded, .finished).steps.isEmpty)
    let stopped = Facts.finished.with {
      $0.elasticsearch.service = .stopped
      $0.elasticsearch.isEnabled = true
      $0.key = .absent
    }
    #expect(try Plan.unlocking(.recorded, stopped).steps.isEmpty)
  }

  /// Its header is not known for damaged.
  @Test func aRecordedDiskThatDoesNotAnswerIsWaitedFor() throws {
    let facts = Facts.rebooted.with {
      $0.target = .silent(1)
    }
    let silent = try refusal(.recorded, facts)
    #expect(silent.description == "'/dev/nvme1n1' does not answer")
    #expect(silent.patience > .seconds(3600))
  }

  @Test func anOpenVolumeIsMountedWithoutItsKey() throws {
    let facts = Facts.rebooted.with {
      $0.mapping = .encrypted(.esvol(), above: ["nvme1n1"], inside: .ext4())
      $0.key = .absent
    }
    #expect(try Plan.unlocking(.recorded, facts).steps.map(\.id) == ["mount", "start"])
  }

  @Test func aMountPointThatLostItsGuardGetsItAgain() throws {
    for place in [MountPointFacts.absent, .directory(isEmpty: true, isImmutable: false)] {
      let facts = Facts.rebooted.with { $0.mountPoint = place }
      let plan = try Plan.unlocking(.recorded, facts)
      #expect(plan.steps.map(\.id) == ["open", "guard", "mount", "start"])
    }
  }

  @Test func onlyAnEnabledServiceThatDoesNotRunAndHasItsDataThereIsStarted() throws {
    let changes: [(inout VolumeSpec, inout Facts) -> Void] = [
      { spec, _ in spec.startsService = false },
      { _, facts in facts.elasticsearch.isEnabled = false },
      { _, facts in facts.elasticsearch.isEnabled = nil },
      { _, facts in facts.elasticsearch.service = .running },
      { _, facts in facts.elasticsearch.settings = .dataPath("/mnt/other/elasticsearch") },
      { _, facts in facts.elasticsearch.settings = .dataPath(nil) },
    ]
    for change in changes {
      var (spec, facts) = (VolumeSpec.recorded, Facts.rebooted)
      change(&spec, &facts)
      #expect(try Plan.unlocking(spec, facts).steps.map(\.id) == ["open", "mount"])
    }
  }

  @Test func withoutElasticsearchOnTheMachineTheVolumeIsOpenedAllTheSame() throws {
    let facts = Facts.rebooted.with {
      $0.elasticsearch.settings = .missing
      $0.elasticsearch.service = .missing
      $0.elasticsearch.user = .missing(name: "elasticsearch")
    }
    let mounting = Mounting(opening: opening, path: "/mnt/es", directory: nil)
    #expect(try Plan.unlocking(.recorded, facts).steps == [.open(opening), .mount(mounting)])
  }

  // Rule 3.
  @Test func theRecordedSerialDecidesAndACloneIsNamed() throws {
    let facts = Facts.rebooted.with {
      $0.disks.append(.carrying(.ours(tokens: [.esvol(.ready)]), 2))
    }
    let plan = try Plan.unlocking(.recorded, facts)
    #expect(plan.steps.first == .open(opening))
    #expect(plan.notes.count == 1 && plan.notes[0].contains("'/dev/nvme2n1' (serial vol2)"))
  }

  @Test func aCloneAloneIsRefusedAfterAMomentAndMayBeTakenOver() throws {
    let facts = Facts.rebooted.with {
      $0.disks = [.system, .carrying(.ours(tokens: [.esvol(.ready)]), 2)]
    }
    let refusal = try refusal(.recorded, facts)
    #expect(refusal.description.contains("its serial is 'vol2', not the recorded 'vol1'"))
    #expect(refusal.advice.hasSuffix("esvault unlock --adopt /dev/nvme2n1"))
    #expect(refusal.patience == .seconds(5))
  }

  /// The copy answers, and the volume's own disk does not yet.
  @Test func aCloneIsNotTakenForADiskThatDoesNotAnswer() throws {
    let facts = Facts.rebooted.with {
      $0.target = .silent(1)
      $0.disks.append(.carrying(.ours(tokens: [.esvol(.ready)]), 2))
    }
    let withoutSerial = facts.with {
      $0.configuration = .reading(Sample.recorded.replacing("    device: vol1\n", with: ""))
      $0.disks[1].disk.serial = nil
      $0.disks[2].disk.serial = nil
    }
    for facts in [facts, withoutSerial] {
      let silent = try refusal(.recorded, facts)
      #expect(silent.description == "'/dev/nvme1n1' does not answer")
      #expect(silent.patience > .seconds(3600))
    }
    // What is open is known by the kernel's table, and what somebody uses is no closed volume.
    let known: [(inout Facts) -> Void] = [
      { $0.mapping = .encrypted(.esvol(), above: ["nvme2n1"], inside: .ext4()) },
      { $0.disks[1].uses = [.mounted("/srv")] }, { $0.disks[1].disk.partitions = ["nvme1n1p1"] },
      { $0.disks[1].disk.bytes = 1 << 20 },
    ]
    for change in known { _ = try Plan.unlocking(.recorded, withoutSerial.with(change)) }
  }

  @Test func aDiskThatIsMissingIsWaitedForAndOneWithOtherContentsIsNot() throws {
    let missing = try refusal(.recorded, .rebooted.with { $0.disks = [.system] })
    #expect(missing.description.contains("is on none of this machine's disks"))
    #expect(missing.patience > .seconds(3600))
    let blank = try refusal(.recorded, .rebooted.with { $0.target = .blank(1) })
    #expect(blank.description.contains("the recorded disk '/dev/nvme1n1' holds nothing"))
    #expect(blank.patience == .zero)
  }

  @Test func aHeaderDamagedInOneCopyIsSaidAndInBothNamesTheBackup() throws {
    let one = Facts.rebooted.with {
      $0.target = .carrying(.ours(tokens: [.esvol(.ready)]).with { $0.damagedCopies = 1 })
    }
    let plan = try Plan.unlocking(.recorded, one)
    #expect(plan.notes.count == 1 && plan.notes[0].contains("one of the two copies"))
    let both = Facts.rebooted.with { $0.target.header = .unreadable("no copy is usable") }
    let refusal = try refusal(.recorded, both)
    #expect(refusal.description.contains("both copies of the LUKS header of volume 'esvol'"))
    #expect(refusal.advice.contains("cryptsetup luksHeaderRestore /dev/nvme1n1"))
  }

  // Rule 4.
  @Test func aHeaderThatIsNotAsItWasMadeIsRefusedBeforeItIsOpened() throws {
    let changes: [((inout Header) -> Void, String)] = [
      ({ $0.cipher = "cipher_null-ecb" }, "says cipher_null-ecb"),
      ({ $0.keyBits = 256 }, "with 256 bits"), ({ $0.dataOffset = 4 << 20 }, "at byte 4194304"),
      ({ $0.keyslots[0].cipher = "cipher_null-ecb" }, "keyslot 0 of volume 'esvol'"),
      ({ $0.requirements = ["online-reencrypt"] }, "has an unfinished change: online-reencrypt"),
      ({ $0.subsystem = "" }, "is no volume of esvault"),
      ({ $0.label = "esvault:other" }, "with the label 'esvault:other', not 'esvol'"),
      ({ $0.tokens = [] }, "has 0 esvault tokens"),
      ({ $0.tokens += $0.tokens }, "has 2 esvault tokens"),
      ({ $0.tokens = Header.ours(tokens: [.esvol(.formatted)]).tokens }, "was never finished"),
    ]
    for (change, words) in changes {
      let header = Header.ours(tokens: [.esvol(.ready)]).with(change)
      let refusal = try refusal(.recorded, .rebooted.with { $0.target = .carrying(header) })
      #expect(refusal.description.contains(words), "\(refusal.description)")
    }
  }

  @Test func aMappingOfAnotherVolumeIsNotReused() throws {
    let other = MappingFacts.encrypted(
      .esvol(uuid: Sample.fresh.luks), above: ["nvme1n1"], inside: .ext4())
    let foreign = try refusal(.recorded, .rebooted.with { $0.mapping = other })
    #expect(foreign.description.contains("exists already"))
    let stranger = MappingFacts.encrypted(
      .esvol(), above: ["nvme1n1"], inside: .ext4(Sample.fresh.filesystem))
    let inside = try refusal(.recorded, .rebooted.with { $0.mapping = stranger })
    #expect(inside.description.contains("should hold the ext4 filesystem"))
  }

  @Test func whatKeepsAVolumeClosedIsSaid() throws {
    let changes: [((inout Facts) -> Void, String)] = [
      ({ $0.isRoot = false }, "only root can open a volume"),
      ({ $0.hasDeviceMapper = false }, "has no device-mapper"),
      ({ $0.key = .absent }, "of volume 'esvol' is gone"),
      ({ $0.key = .unusable("it is empty") }, "cannot be used: it is empty"),
      ({ $0.mountPoint = .occupied(by: "tmpfs") }, "something else is mounted at '/mnt/es'"),
      ({ $0.mountPoint = .directory(isEmpty: false, isImmutable: true) }, "is not empty"),
      ({ $0.target.uses = [.mounted("/srv")] }, "is mounted at '/srv'"),
      ({ $0.target.uses = [.held("dm-7 (crypt other)")] }, "is held by dm-7 (crypt other)"),
    ]
    for (change, words) in changes {
      let refusal = try refusal(.recorded, .rebooted.with(change))
      #expect(refusal.description.contains(words), "\(refusal.description)")
      #expect(refusal.patience == .zero)
    }
    let unfinished = try refusal(.recorded.with { $0.uuid = nil }, .rebooted)
    #expect(unfinished.description.contains("was never finished"))
  }

  @Test func directoriesThatAreNotAsTheyWereMadeAreRefused() throws {
    let facts = Facts.finished.with { $0.directories?.rootMode = 0o777 }
    #expect(try refusal(.recorded, facts).advice.contains("esvault provision --name esvol"))
  }

  private func refusal(
    _ spec: VolumeSpec, _ facts: Facts, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Refusal {
    let refusal = try #require(throws: Refusal.self, sourceLocation: sourceLocation) {
      try Plan.unlocking(spec, facts)
    }
    expectHouseStyle(refusal, sourceLocation: sourceLocation)
    return refusal
  }
}

extension Facts {
  /// A finished machine after a reboot: all is closed and stopped.
  static var rebooted: Facts {
    finished.with {
      $0.mapping = .none
      $0.mountPoint = .directory(isEmpty: true, isImmutable: true)
      $0.directories = nil
      $0.elasticsearch.service = .stopped
      $0.elasticsearch.isEnabled = true
    }
  }
}
