import BlockDevices
import Testing

@testable import Vault

/// Without a name, only the only blank disk will do.
@Suite struct DiskChoiceTests {
  private let anyone = VolumeSpec.generating.with { $0.device = nil }
  private let healthy = Facts.healthy.with { $0.named = nil }

  @Test func theOnlyBlankDiskIsTaken() throws {
    #expect(try formatted(in: plan(anyone, healthy)) == "/dev/nvme1n1")
  }

  @Test func noBlankDiskIsARefusal() throws {
    let facts = healthy.with { $0.target = .holding("ext4") }
    let refusal = try refusal(anyone, facts)
    #expect(refusal.description.contains("2 disks"))
    #expect(refusal.advice.contains("esvault devices"))
  }

  @Test func severalBlankDisksAreARefusalThatListsThem() throws {
    let facts = healthy.with { $0.disks.append(.blank(2)) }
    let refusal = try refusal(anyone, facts)
    #expect(refusal.description.contains("/dev/nvme1n1, /dev/nvme2n1"))
  }

  /// The entry of the node's own volume was written anew, without its UUID.
  @Test func besideAVolumeOfThatNameNoBlankDiskIsChosen() throws {
    let facts = healthy.with { $0.disks.append(.carrying(.ours(tokens: [.esvol(.ready)]), 2)) }
    let refused = try refusal(anyone, facts)
    #expect(
      refused.description
        == "'/dev/nvme2n1' is a volume 'esvol' that this machine has no record of")
    #expect(refused.advice.contains("esvault unlock --adopt /dev/nvme2n1"))
    // Another volume's disk may be there, and so may this one's own disk be named.
    let second = anyone.with {
      $0.name = "second"
      $0.mount = "/mnt/second"
      $0.data = "/mnt/second/elasticsearch"
    }
    #expect(try formatted(in: plan(second, facts)) == "/dev/nvme1n1")
    let named = anyone.with { $0.device = "/dev/nvme1n1" }
    #expect(
      try formatted(in: plan(named, facts.with { $0.named = .disk("nvme1n1") })) == "/dev/nvme1n1")
  }

  @Test func aLogicalVolumeIsTakenOnlyWhereTheConfigurationNamesIt() throws {
    let link = "/dev/disk/by-id/dm-name-vg-es"
    let facts = healthy.with {
      $0.named = .disk("nvme1n1")
      $0.target.disk.kind = .mapping(name: "vg-es", uuid: "LVM-x")
      $0.target.disk.serial = nil
      $0.target.disk.links = ["dm-name-vg-es"]
    }
    let typed = VolumeSpec.generating
    let refused = try refusal(typed, facts)
    #expect(
      refused.description
        == "'/dev/nvme1n1' is the device 'vg-es' of device-mapper, and would not be found after a reboot"
    )
    let named = facts.with {
      $0.configuration = .reading("version: 1\nvolumes:\n  - name: esvol\n    device: \(link)\n")
    }
    #expect(try formatted(in: plan(typed.with { $0.device = link }, named)) == "/dev/nvme1n1")
  }

  @Test func disksThatAreNoCandidatesAreNotChosen() throws {
    let changes: [(inout DiskFacts) -> Void] = [
      { $0.disk.model = "Amazon EC2 NVMe Instance Storage" },
      { $0.disk.model = "Microsoft NVMe Direct Disk" },
      { $0.disk.model = "Microsoft NVMe Direct Disk v2" },
      { $0.disk.model = "nvme_card" },
      { $0.disk.model = "nvme_card1" },
      { $0.disk.model = "EphemeralDisk" },
      { $0.disk.kind = .loop(backingFile: "/tmp/image") },
      { $0.disk.isReadOnly = true },
      { $0.disk.bytes = 1 << 20 },
      { $0.disk.partitions = ["nvme2n1p1"] },
      { $0.uses = [.held("md0")] },
      { $0.uses = [.claimed] },
    ]
    for change in changes {
      var other = DiskFacts.blank(2)
      change(&other)
      let facts = healthy.with { $0.disks.append(other) }
      #expect(try formatted(in: plan(anyone, facts)) == "/dev/nvme1n1")
      _ = try refusal(anyone, healthy.with { $0.target = other })
    }
  }

  /// It may be blank, too, or the disk that an interrupted run has begun.
  @Test func besideADiskThatDoesNotAnswerNoneIsChosen() throws {
    let facts = healthy.with { $0.disks.append(.silent(2)) }
    let silent = try refusal(anyone, facts)
    #expect(silent.description == "'/dev/nvme2n1' does not answer")
    #expect(silent.patience > .seconds(3600))
    // What cannot be a blank disk does not matter.
    let others: [(inout DiskFacts) -> Void] = [
      { $0.uses = [.mounted("/srv")] }, { $0.disk.partitions = ["nvme2n1p1"] },
      { $0.disk.bytes = 1 << 20 }, { $0.disk.isReadOnly = true },
      { $0.disk.kind = .loop(backingFile: "/dead/image") },
    ]
    for change in others {
      var other = facts
      change(&other.disks[2])
      #expect(try formatted(in: plan(anyone, other)) == "/dev/nvme1n1")
    }
  }

  @Test func whereNoneIsBlankTheRefusalSaysWhatIsOnEach() throws {
    let facts = healthy.with {
      $0.target = .holding("ext4")
      $0.disks += [.blank(2), .blank(3)]
      $0.disks[2].disk.model = "Amazon EC2 NVMe Instance Storage"
      $0.disks[3].disk.kind = .loop(backingFile: "/tmp/image")
    }
    let refused = try refusal(anyone, facts)
    // It is looked at again and again, and said once.
    #expect(refused.description == "none of this machine's 4 disks is blank and free")
    for words in [
      "see 'esvault devices': '/dev/vda' carries the root filesystem; ",
      "'/dev/nvme1n1' holds ext4", "; '/dev/nvme2n1' is taken only by name: instance store",
      "; '/dev/nvme3n1' is a loop device",
    ] { #expect(refused.advice.contains(words), "\(refused.advice)") }
  }

  /// The other volume may only wait for its key.
  @Test(arguments: ["vol0123456789abcdef0", "vol-0123456789abcdef0", "/dev/disk/by-path/x"])
  func aDiskThatAnotherVolumeNamesIsNotChosen(_ word: String) throws {
    var other = RecordedVolume(name: "other")
    other.device = word
    var claimed = DiskFacts.blank(2)
    claimed.disk.serial = "vol0123456789abcdef0"
    let facts = healthy.with {
      $0.disks.append(claimed)
      $0.configuration.volumes.append(other)
      // Where a path leads, the host finds out.
      if word.hasPrefix("/") { $0.claims = [claimed.disk.name: "other"] }
    }
    #expect(try formatted(in: plan(anyone, facts)) == "/dev/nvme1n1")
    _ = try refusal(anyone, facts.with { $0.target = .holding("ext4") })
    // Nor by a name that the configuration spells otherwise.
    let typed = try refusal(
      anyone.with { $0.device = "/dev/nvme2n1" }, facts.with { $0.named = .disk("nvme2n1") })
    #expect(
      typed.description
        == "'/dev/nvme2n1' is the disk of volume 'other' in '/etc/esvault/esvault.yml'")
    #expect(typed.advice.contains("esvault provision --name other"))
  }

  @Test func instanceStoreIsTakenOnlyByName() throws {
    let facts = Facts.healthy.with { $0.target.disk.model = "Amazon EC2 NVMe Instance Storage" }
    #expect(try formatted(in: plan(.generating, facts)) == "/dev/nvme1n1")
  }

  /// EBS and instance store look alike there.
  @Test func aDiskOfXenIsTakenOnlyByName() throws {
    let facts = healthy.with {
      $0.target.disk.name = "xvdb"
      $0.target.disk.path = "/dev/xvdb"
      $0.target.disk.model = nil
      $0.target.disk.serial = nil
      $0.target.disk.isXenOfEC2 = true
    }
    let refused = try refusal(anyone, facts)
    #expect(refused.advice.contains("name the one that you mean"))
    #expect(refused.advice.contains("'/dev/xvdb' is taken only by name: a disk of Xen"))
    let elsewhere = facts.with { $0.target.disk.isXenOfEC2 = false }
    #expect(try formatted(in: plan(anyone, elsewhere)) == "/dev/xvdb")
    let named = facts.with { $0.named = .disk("xvdb") }
    #expect(try formatted(in: plan(anyone.with { $0.device = "/dev/xvdb" }, named)) == "/dev/xvdb")
    #expect(facts.disks.compactMap(\.disk.ephemeral?.note).contains { $0.contains("Xen") })
  }

  @Test(arguments: [
    "vol0123456789abcdef0", "vol-0123456789abcdef0",
    "nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0",
    "/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0",
  ])
  func aSerialAVolumeIdAndALinkNameADisk(_ word: String) throws {
    let facts = healthy.with {
      $0.target.disk.serial = "vol0123456789abcdef0"
      $0.target.disk.links = ["nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0"]
      $0.disks.append(.blank(2))
      $0.named = word.hasPrefix("/") ? .disk("nvme1n1") : nil
    }
    #expect(try formatted(in: plan(anyone.with { $0.device = word }, facts)) == "/dev/nvme1n1")
  }

  /// A hypervisor's administrator chose it.
  @Test func aSerialThatBeginsAsEC2sConsoleWritesThemIsASerial() throws {
    let facts = healthy.with {
      $0.target.disk.serial = "vol-pgdata"
      $0.disks.append(.blank(2))
    }
    let spec = anyone.with { $0.device = "vol-pgdata" }
    #expect(try formatted(in: plan(spec, facts)) == "/dev/nvme1n1")
    let twice = facts.with { $0.disks[2].disk.serial = "volpgdata" }
    #expect(try refusal(spec, twice).description.hasPrefix("'vol-pgdata' names 2 disks"))
  }

  /// Before version 254 udev made one link for all disks with that serial.
  @Test func aLinkThatDisksShareNamesNone() throws {
    let link = "/dev/disk/by-id/nvme-MSFT_NVMe_Accelerator_v1.0_SN:_000001"
    let shared = healthy.with {
      $0.named = .disk("nvme1n1")
      $0.target.disk.serial = nil
    }
    let expected = "'\(link)' leads to '/dev/nvme1n1' now, and may lead to any other disk"
    let named = try refusal(anyone.with { $0.device = link }, shared)
    #expect(named.description.hasPrefix(expected))
    let full = shared.with {
      $0.target = .holding("xfs")
      $0.wiped = .disk("nvme1n1")
    }
    let spec = anyone.with { $0.device = "/dev/nvme1n1" }
    let wiped = try refusal(spec.with { $0.wipe = link }, full)
    #expect(wiped.description.hasPrefix(expected))
    #expect(throws: Never.self) { try plan(spec.with { $0.wipe = "/dev/nvme1n1" }, full) }
  }

  /// `/dev/nvme1n1`, as EC2 attached it.
  private var attached: Facts {
    healthy.with { $0.target.disk.deviceName = EC2DeviceName("/dev/sdf") }
  }

  @Test(arguments: ["/dev/sdf", "sdf"])
  func theNameThatEC2sConsoleShowsMeansItsVolumeAndIsNotRecorded(_ word: String) throws {
    let spec = anyone.with { $0.device = word }
    let facts = attached.with {
      $0.named = word.hasPrefix("/") ? .missing(word) : nil
      $0.disks.append(.blank(2))
      $0.configuration = .reading("version: 1\nvolumes:\n  - name: esvol\n    device: \(word)\n")
    }
    let made = try plan(spec, facts)
    #expect(formatted(in: made) == "/dev/nvme1n1")
    let recorded = made.steps.compactMap {
      if case .record(let volume, _) = $0 { volume } else { nil }
    }
    #expect(recorded.map(\.device) == ["vol1"])
    // Amazon's own udev rules make a link of that name.
    let linked = facts.with { $0.named = word.hasPrefix("/") ? .disk("nvme1n1") : nil }
    #expect(try formatted(in: plan(spec, linked)) == "/dev/nvme1n1")
    // The console's name is no other's.
    _ = try refusal(anyone.with { $0.device = "xvdf" }, facts)
    // And --wipe takes it as well.
    let full = facts.with { $0.target = .holding("ext4") }.with {
      $0.target.disk.deviceName = EC2DeviceName("/dev/sdf")
      $0.wiped = .missing(word)
    }
    #expect(try plan(spec.with { $0.wipe = word }, full).steps.map(\.id).contains("wipe"))
  }

  @Test(arguments: ["/dev/sdf", "sdf"])
  func aNameThatBothEC2AndTheKernelGiveIsARefusal(_ word: String) throws {
    var scsi = DiskFacts.blank(2)
    scsi.disk.name = "sdf"
    scsi.disk.path = "/dev/sdf"
    let facts = attached.with {
      $0.disks.append(scsi)
      $0.named = word.hasPrefix("/") ? .disk("sdf") : nil
    }
    let both = try refusal(anyone.with { $0.device = word }, facts)
    #expect(both.description == "'\(word)' names 2 disks: /dev/nvme1n1, /dev/sdf")
    #expect(both.advice.hasSuffix("otherwise: vol1"))
    // Two volumes cannot both have been attached there.
    let twice = attached.with {
      $0.disks.append(.blank(2))
      $0.disks[2].disk.deviceName = EC2DeviceName("sdf")
      $0.named = .missing(word)
    }
    #expect(try refusal(anyone.with { $0.device = word }, twice).description.contains("nvme2n1"))
  }

  /// An iSCSI disk, while EC2's volume is still on its way.
  @Test func aNameThatEC2GivesIsNotTheKernelsWhereVolumesTellTheirs() throws {
    var scsi = DiskFacts.blank(2)
    scsi.disk.name = "sdf"
    scsi.disk.path = "/dev/sdf"
    scsi.disk.serial = "lun-5"
    let spec = anyone.with { $0.device = "/dev/sdf" }
    let facts = healthy.with {
      $0.disks.append(scsi)
      for index in $0.disks.indices { $0.disks[index].disk.model = "QEMU HARDDISK" }
      $0.named = .disk("sdf")
    }
    #expect(try formatted(in: plan(spec, facts)) == "/dev/sdf")
    let late = try refusal(spec, facts.with { $0.disks[0].disk.model = EC2DeviceName.model })
    #expect(late.description.hasSuffix("EC2 has attached no volume under that name"))
    #expect(late.advice.hasSuffix("lun-5"))
    #expect(late.patience > .seconds(3600))
  }

  /// Azure's and Google's disks have no serial of their own: the link that the configuration has stays.
  @Test(arguments: [
    "/dev/disk/azure/data/by-lun/0", "/dev/disk/by-id/google-data-1",
    "/dev/disk/by-id/nvme-eui.577f8d0aff944fa3b6e5a7ff4d366002",
  ])
  func aLinkOfADiskWithoutASerialIsWhatIsRecorded(_ link: String) throws {
    let facts = Facts.healthy.with {
      $0.target.disk.serial = nil
      $0.target.disk.links = ["google-data-1", "nvme-eui.577f8d0aff944fa3b6e5a7ff4d366002"]
      $0.target.disk.azureLinks = ["/dev/disk/azure/data/by-lun/0"]
      $0.configuration = .reading("version: 1\nvolumes:\n  - name: esvol\n    device: \(link)\n")
    }
    let made = try plan(.generating.with { $0.device = link }, facts)
    let recorded = made.steps.compactMap {
      if case .record(let volume, _) = $0 { volume } else { nil }
    }
    #expect(recorded.map(\.device) == [link])
    #expect(made.notes.contains { $0.contains("no serial") }, "\(made.notes)")
  }

  @Test(arguments: ["/dev/nvme1n1", "/dev/disk/by-path/pci-0001:00:00.0-nvme-2"])
  func aNameThatMayBeAnothersTomorrowIsNotRecorded(_ name: String) throws {
    let facts = Facts.healthy.with {
      $0.target.disk.serial = nil
      $0.configuration = .reading("version: 1\nvolumes:\n  - name: esvol\n    device: \(name)\n")
    }
    let unsure = try refusal(.generating.with { $0.device = name }, facts)
    #expect(unsure.description.hasPrefix("'\(name)' may lead to another disk"))
    // A serial takes its place.
    #expect(throws: Never.self) {
      try plan(.generating.with { $0.device = name }, facts.with { $0.target.disk.serial = "vol1" })
    }
  }

  @Test func theDiskThatTheConfigurationNamesIsWaitedForAndNamed() throws {
    let facts = Facts.healthy.with {
      $0.named = .missing("/dev/disk/by-id/google-data-1")
      $0.configuration = .reading(
        "version: 1\nvolumes:\n  - name: esvol\n    device: /dev/disk/by-id/google-data-1\n")
    }
    for device in ["/dev/disk/by-id/google-data-1", "vol9"] {
      let missing = try refusal(anyone.with { $0.device = device }, facts)
      #expect(missing.description.contains("'\(device)'"))
      #expect(missing.patience > .seconds(3600))
      #expect(missing.advice.contains("Attach the disk of volume 'esvol'") == (device != "vol9"))
    }
    let full = healthy.with { $0.target = .holding("ext4") }
    #expect(try refusal(anyone, full).patience > .seconds(3600))
    let named = Facts.healthy.with { $0.target = .holding("ext4") }
    #expect(try refusal(.generating, named).patience == .zero)
  }

  @Test(arguments: ["vol", "VOL1", "vol--1", "nvme1n1", "", "-", "vol-"])
  func aWordThatNamesNoDiskIsARefusal(_ word: String) throws {
    let refusal = try refusal(anyone.with { $0.device = word }, healthy)
    #expect(refusal.description.contains("'\(word)'"))
  }

  @Test func aSerialOfTwoDisksIsARefusal() throws {
    let facts = healthy.with {
      $0.disks.append(.blank(2))
      $0.disks[2].disk.serial = "vol1"
    }
    let refusal = try refusal(anyone.with { $0.device = "vol1" }, facts)
    #expect(refusal.description.contains("names 2 disks"))
  }

  @Test func everyReasonAgainstADiskIsListed() {
    #expect(DiskFacts.blank(1).reasons.isEmpty)
    var disk = DiskFacts.holding("ext4")
    disk.uses = [.mounted("/srv")]
    #expect(disk.reasons.count == 2)
    #expect(disk.reasons[0].contains("/srv") && disk.reasons[1].contains("ext4"))
  }

  private func formatted(in plan: Plan) -> String? {
    for case .format(let formatting) in plan.steps { return formatting.disk.path }
    return nil
  }
}
