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

  @Test func disksThatAreNoCandidatesAreNotChosen() throws {
    let changes: [(inout DiskFacts) -> Void] = [
      { $0.disk.model = "Amazon EC2 NVMe Instance Storage" },
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

  @Test func instanceStoreIsTakenOnlyByName() throws {
    let facts = Facts.healthy.with { $0.target.disk.model = "Amazon EC2 NVMe Instance Storage" }
    #expect(try formatted(in: plan(.generating, facts)) == "/dev/nvme1n1")
  }

  @Test(arguments: [
    "vol0123456789abcdef0", "vol-0123456789abcdef0",
    "nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0",
  ])
  func aSerialAVolumeIdAndALinkNameADisk(_ word: String) throws {
    let facts = healthy.with {
      $0.target.disk.serial = "vol0123456789abcdef0"
      $0.target.disk.links = ["nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0"]
      $0.disks.append(.blank(2))
    }
    #expect(try formatted(in: plan(anyone.with { $0.device = word }, facts)) == "/dev/nvme1n1")
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
