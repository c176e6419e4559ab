import BlockDevices
import LUKS
import Testing

@testable import Vault

/// What is said of a volume whose chain is broken somewhere.
@Suite struct ChainTests {
  private func line(_ facts: ChainFacts, _ spec: VolumeSpec = .recorded) -> String? {
    ChainCheck(spec, facts).barriers.first?.line
  }

  @Test func aWholeChainHasNoProblem() {
    let check = ChainCheck(.recorded, .whole)
    #expect(check.barriers == [])
    #expect(check.problems == [])
  }

  @Test func whatOnlyRootMaySeeIsNoProblem() {
    let facts = ChainFacts.whole.with {
      $0.encryption = .needsRoot
      $0.header = .needsRoot
      $0.inside = .needsRoot
      $0.nodeState = .needsRoot
      $0.dataPath = .needsRoot
      $0.heap = .needsRoot
    }
    #expect(ChainCheck(.recorded, facts).problems == [])
  }

  @Test func anotherPathOnTheCommandLineShutsTheGateOfTheService() {
    let facts = ChainFacts.whole.with { $0.overruling = .init(text: "/x", place: "/u:3") }
    let line =
      "'-Epath.data=/x' in '/u:3' wins over elasticsearch.yml, and is not '/mnt/es/elasticsearch' on the volume: take it out there, then run 'systemctl daemon-reload'"
    let check = ChainCheck(.recorded, facts)
    #expect(check.barriersOfService.map(\.line) == [line] && check.problems.map(\.line) == [line])
    #expect(check.barriers.isEmpty)
  }

  @Test func settingsThatAreReadElsewhereShutTheGateOfTheService() {
    let check = ChainCheck(
      .recorded, ChainFacts.whole.with { $0.elsewhere = .init(text: "/etc/other", place: "/u:2") })
    #expect(
      check.barriersOfService.first?.description
        == "'elasticsearch.service' reads its configuration from '/etc/other' (said in '/u:2'), not from '/etc/elasticsearch'"
    )
    #expect(check.barriersOfService == check.problems && check.barriers.isEmpty)
  }

  @Test func anInterruptedUpgradeIsReportedAndShutsNoGate() throws {
    var state = Sample.nodeState
    state.isHalfUpgraded = true
    let check = ChainCheck(.recorded, ChainFacts.whole.with { $0.nodeState = .seen(state) })
    let words =
      "the upgrade of the data in '/mnt/es/elasticsearch' from Elasticsearch 7 to 8 was interrupted: a part of it is still in '/mnt/es/elasticsearch/nodes/0'"
    #expect(check.problems.map(\.description) == [words] && check.barriersOfService.isEmpty)
    let facts = Facts.finished.with { $0.directories?.nodeState = .present(state) }
    #expect(try plan(.recorded, facts).notes.contains { $0.hasPrefix(words) })
    #expect(try plan(.recorded, .finished).notes.isEmpty)
  }

  @Test func aClosedVolumeIsNamed() {
    #expect(line(.closed) == "volume 'esvol' is not open: run 'esvault unlock'")
    #expect(ChainCheck(.recorded, .closed).barriers.count == 1)
    let noSerial = VolumeSpec.recorded.with { $0.device = nil }
    #expect(line(.closed.with { $0.disk = nil }, noSerial)?.contains("is not open:") == true)
  }

  @Test func aDiskThatIsNotThereIsNamed() {
    #expect(
      line(.closed.with { $0.disk = nil })
        == "volume 'esvol' is not open, and its disk 'vol1' is not there: attach the disk, then run 'esvault unlock'"
    )
  }

  @Test func aVolumeThatIsNotMadeYetIsNamed() {
    let spec = VolumeSpec.recorded.with { $0.uuid = nil }
    #expect(
      line(.closed, spec)
        == "volume 'esvol' is not made yet: run 'esvault provision --name esvol'")
  }

  @Test(arguments: ["CRYPT-LUKS2-\(String(repeating: "0", count: 32))-esvol", "LVM-x", ""])
  func anotherMappingOfThatNameIsNotTheVolume(_ uuid: String) {
    let facts = ChainFacts.whole.with {
      $0.mapping?.disk.kind = .mapping(name: "esvol", uuid: uuid)
    }
    #expect(
      line(facts)?.hasPrefix("'/dev/mapper/esvol' is another mapping than volume 'esvol': see")
        == true)
    let status = VolumeStatus(.recorded, facts)
    #expect(!status.isOpen && status.mount == nil)
  }

  @Test func aDiskThatIsGoneIsNamed() {
    let facts = ChainFacts.whole.with { $0.mapping?.beneath = [] }
    #expect(
      line(facts)
        == "the disk of volume 'esvol' is gone: attach it again, run 'esvault lock esvol', then 'esvault unlock'"
    )
  }

  @Test func aCloneBeneathTheMappingIsNotTheRecordedDisk() {
    let facts = ChainFacts.whole.with { $0.mapping?.beneath = [.nvme(2)] }
    #expect(
      line(facts)?.hasPrefix(
        "volume 'esvol' is open on the disk 'vol2', not on 'vol1' as recorded:")
        == true)
    // A disk without a serial has nothing to compare.
    #expect(line(facts, .recorded.with { $0.device = nil }) == nil)
  }

  @Test func aMappingThatIsSuspendedOrDoesNotEncryptAsItMustIsNamed() {
    #expect(
      line(.whole.with { $0.mapping?.isSuspended = true })
        == "'/dev/mapper/esvol' is suspended: what reads it waits: run 'dmsetup resume esvol'")
    #expect(
      line(.whole.with { $0.encryption = .nothing })?
        .hasPrefix("'/dev/mapper/esvol' does not encrypt: ") == true)
    var null = Mapping.esvol()
    null.cipher = "cipher_null-ecb"
    #expect(
      line(.whole.with { $0.encryption = .seen(null) })?
        .hasPrefix("'/dev/mapper/esvol' is encrypted with cipher_null-ecb, 512 bits, ") == true)
    #expect(
      line(.whole.with { $0.encryption = .failed("could not look for 'esvol': it broke") })?
        .hasPrefix("could not look for 'esvol': it broke: ") == true)
  }

  @Test func anOpenVolumeThatIsNotMountedIsNamed() {
    let facts = ChainFacts.whole.with { $0.mounts = MountFacts() }
    #expect(line(facts) == "volume 'esvol' is open, but not mounted: run 'esvault unlock'")
  }

  @Test func aReadOnlyVolumeIsNamed() {
    let words =
      "volume 'esvol' is mounted read-only at '/mnt/es': see why with 'dmesg | grep dm-0', "
    #expect(line(.whole.with { $0.mounts.mount?.options = ["ro"] })?.hasPrefix(words) == true)
    #expect(line(.whole.with { $0.mounts.mount?.superOptions = ["ro"] })?.hasPrefix(words) == true)
  }

  @Test func somethingElseMountedThereIsNamed() {
    let other = ChainFacts.whole.with {
      $0.mounts.mount?.number = DeviceNumber(major: 0, minor: 40)
      $0.mounts.mount?.source = "tmpfs"
    }
    #expect(
      line(other)
        == "something else is mounted at '/mnt/es', not volume 'esvol': 'tmpfs': run 'umount /mnt/es', then run 'esvault unlock'"
    )
    let part = ChainFacts.whole.with { $0.mounts.mount?.root = "/a" }
    #expect(line(part)?.hasPrefix("only '/a' of volume 'esvol' is mounted at '/mnt/es': ") == true)
    // Beside a volume that is closed it is the second thing to mend.
    let both = ChainCheck(.recorded, other.with { $0.mapping = nil }).barriers.map(\.description)
    #expect(both.count == 2 && both[0] == "volume 'esvol' is not open")
  }

  @Test func whatHidesTheMountPointOrTheDataPathIsNamed() throws {
    let text = """
      1 0 254:0 / / rw - ext4 /dev/vda rw
      2 1 253:0 / /mnt/es rw,noatime - ext4 /dev/mapper/esvol rw
      3 2 0:40 / /mnt/es/elasticsearch rw - tmpfs tmpfs rw
      """
    func facts(_ table: String) throws -> ChainFacts {
      let table = try MountTable.parse(table)
      return ChainFacts.whole.with {
        $0.mounts = MountFacts(table, mount: "/mnt/es", data: "/mnt/es/elasticsearch")
      }
    }
    #expect(
      line(try facts(text))
        == "something mounted at '/mnt/es/elasticsearch' hides the data path '/mnt/es/elasticsearch': run 'umount /mnt/es/elasticsearch'"
    )
    let above = text.replacing("3 2 0:40 / /mnt/es/elasticsearch", with: "3 1 0:40 / /mnt")
    #expect(
      line(try facts(above))
        == "something mounted at '/mnt' hides the mount point '/mnt/es': run 'umount /mnt'")
    let below = text.replacing("/mnt/es/elasticsearch", with: "/mnt/es/other")
    #expect(line(try facts(below)) == nil)
  }

  @Test func everyProblemIsAPhraseWithAdvice() {
    for facts in ChainFacts.broken {
      let problems = ChainCheck(.recorded, facts).problems
      #expect(!problems.isEmpty)
      for problem in problems {
        #expect(isPhrase(problem.description), "\(problem.description)")
        #expect(isAdvice(problem.advice), "\(problem.advice)")
      }
    }
  }
}

/// What only a report shows.
@Suite struct ChainReportTests {
  private func problems(_ facts: ChainFacts) -> [String] {
    ChainCheck(.recorded, facts).problems.map(\.description)
  }

  @Test func aDamagedCopyOfTheHeaderIsShown() {
    let facts = ChainFacts.whole.with { $0.header = .seen(.ours().with { $0.damagedCopies = 1 }) }
    #expect(
      problems(facts) == ["one of the two copies of the LUKS header on '/dev/nvme1n1' is damaged"])
    #expect(ChainCheck(.recorded, facts).barriers == [])
  }

  @Test func theHeaderOfAnotherIsNotToBeWrittenOver() {
    for header in [Sight.nothing, .seen(Header.ours(Sample.fresh))] {
      let problem = ChainCheck(.recorded, .whole.with { $0.header = header }).problems.first
      #expect(problem?.remedy.hasSuffix("write nothing to it") == true)
    }
  }

  @Test func whatABarrierHidesNeedsNoMention() {
    let facts = ChainFacts.whole.with {
      $0.mapping?.beneath = []
      $0.disk = nil
      $0.inside = .failed("it cannot be read")
      $0.nodeState = .failed("it cannot be read")
      $0.service = .stopped
    }
    #expect(problems(facts) == ["the disk of volume 'esvol' is gone"])
  }

  @Test func aDataPathBesideTheVolumeIsShown() {
    #expect(
      problems(.whole.with { $0.dataPath = .seen("/var/lib/elasticsearch") }) == [
        "Elasticsearch's path.data is '/var/lib/elasticsearch', not '/mnt/es/elasticsearch' on the volume"
      ])
  }

  // Rule 7: a run that was cut off before path.data, or a file that was put back.
  @Test(arguments: [
    Sight<String>.nothing, .seen("/var/lib/elasticsearch"), .failed("could not read 'x'"),
  ])
  func aServiceWhoseDataGoesElsewhereIsHeldBack(_ path: Sight<String>) {
    let facts = ChainFacts.whole.with { $0.dataPath = path }
    #expect(ChainCheck(.recorded, facts).barriers.isEmpty)
    #expect(ChainCheck(.recorded, facts).barriersOfService.count == 1)
    #expect(ChainCheck(.recorded, .whole).barriersOfService.isEmpty)
  }

  @Test func aStoppedServiceIsShownWhereNothingElseIsWrong() {
    #expect(
      problems(.whole.with { $0.service = .stopped }) == ["'elasticsearch.service' is not running"])
    #expect(problems(.closed.with { $0.service = .stopped }) == ["volume 'esvol' is not open"])
  }

  @Test func whatCouldNotBeSeenIsUnknownAndNotAbsent() {
    let facts = ChainFacts.whole.with {
      $0.header = .needsRoot
      $0.inside = .failed("it broke")
      $0.nodeState = .nothing
    }
    let status = VolumeStatus(.recorded, facts)
    #expect(status.unknown == ["cipher", "keyBits", "sectorSize", "filesystem"])
    #expect(status.serial == "vol1" && status.isOpen && status.mount == "/mnt/es")
  }
}

extension ChainFacts {
  /// Everything in order, seen by root.
  static var whole: ChainFacts {
    let number = DeviceNumber(major: 253, minor: 0)
    let uuid = Sample.earlier.luks.filter { $0 != "-" }
    let mapping = Disk(
      name: "dm-0", path: "/dev/mapper/esvol", number: number, bytes: 64 * Sample.gibibyte,
      kind: .mapping(name: "esvol", uuid: "CRYPT-LUKS2-\(uuid)-esvol"))
    let mount = Mount(
      id: 2, parent: 1, number: number, target: "/mnt/es", type: "ext4", options: ["rw"],
      superOptions: ["rw"], source: "/dev/mapper/esvol")
    return ChainFacts(
      mapping: StackedDisk(disk: mapping, beneath: [.nvme(1)]), encryption: .seen(.esvol()),
      mounts: MountFacts(mount: mount, data: mount), disk: .nvme(1), header: .seen(.ours()),
      inside: .seen(.ext4()), nodeState: .seen(Sample.nodeState),
      dataPath: .seen("/mnt/es/elasticsearch"), heap: .seen(4 << 30), service: .running)
  }

  static var closed: ChainFacts {
    whole.with {
      $0.mapping = nil
      $0.encryption = .nothing
      $0.mounts = MountFacts()
      $0.inside = .nothing
      $0.nodeState = .nothing
    }
  }

  /// One for each thing that can be wrong.
  static var broken: [ChainFacts] {
    let changes: [(inout ChainFacts) -> Void] = [
      { $0 = closed }, { $0 = closed.with { $0.disk = nil } }, { $0.mapping?.beneath = [] },
      { $0.mapping?.beneath = [.nvme(2)] }, { $0.mapping?.isSuspended = true },
      { $0.mapping?.disk.kind = .mapping(name: "esvol", uuid: "LVM-x") },
      { $0.encryption = .nothing }, { $0.encryption = .failed("could not look for 'esvol'") },
      { $0.mounts = MountFacts() }, { $0.mounts.hidden = "/mnt" },
      { $0.mounts.mount?.root = "/a" }, { $0.mounts.mount?.superOptions = ["ro"] },
      { $0.mounts.data?.id = 9 }, { $0.mounts.mount?.number = DeviceNumber(major: 0, minor: 1) },
      { $0.header = .nothing }, { $0.header = .failed("could not read 'x'") },
      { $0.header = .seen(.ours(Sample.fresh)) },
      { $0.header = .seen(.ours().with { $0.damagedCopies = 1 }) },
      { $0.inside = .failed("could not read 'x'") }, { $0.nodeState = .failed("it is damaged") },
      { $0.dataPath = .nothing }, { $0.dataPath = .seen("/x") },
      { $0.dataPath = .failed("could not read 'x'") }, { $0.heap = .failed("could not read 'x'") },
      { $0.service = .stopped }, { $0.service = .missing }, { $0.service = .unknown("no answer") },
    ]
    return changes.map { whole.with($0) }
  }

  func with(_ change: (inout ChainFacts) -> Void) -> ChainFacts {
    var facts = self
    change(&facts)
    return facts
  }
}
