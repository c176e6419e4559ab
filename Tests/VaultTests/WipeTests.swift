import BlockDevices
import LUKS
import Testing

@testable import Vault

/// Destroying needs a second naming of the same disk.
@Suite struct WipeTests {
  @Test func wipingComesBetweenKeyAndHeader() throws {
    let plan = try plan(.wiping, .with(.holding("ext4")))
    #expect(plan.steps.prefix(4).map(\.id) == ["key", "wipe", "format", "open"])
    guard case .wipe(let wiping) = plan.steps[1], case .format(let formatting) = plan.steps[2]
    else { return }
    #expect(
      wiping
        == Wiping(
          disk: formatting.disk, name: "esvol", identifiers: Sample.fresh, overwrite: false,
          contents: "ext4 filesystem"))
    #expect(formatting.start == .wiped)
    #expect(plan.notes.contains { $0.contains("may remain readable") })
  }

  @Test func overwritingIsSaidAndLeavesNoWarning() throws {
    let plan = try plan(.wiping.with { $0.overwrite = true }, .with(.holding("ext4")))
    #expect(plan.steps[1].summary.contains("every sector"))
    #expect(!plan.notes.contains { $0.contains("may remain readable") })
  }

  @Test func wipeMustNameTheSameDisk() throws {
    let facts = Facts.with(.holding("ext4")).with { $0.disks.append(.holding("xfs", 2)) }
    for word in ["vol2", "vol3", "nvme1n1", ""] {
      let refusal = try refusal(.generating.with { $0.wipe = word }, facts)
      #expect(refusal.description.contains("--wipe names '\(word)'"))
    }
    let path = VolumeSpec.generating.with { $0.wipe = "/dev/nvme2n1" }
    #expect(
      try refusal(path, facts.with { $0.wiped = .disk("nvme2n1") }).description.contains("--wipe"))
    #expect(
      try refusal(path, facts.with { $0.wiped = .missing("/dev/nvme2n1") }).description
        .contains("no device"))
  }

  @Test(arguments: ["vol1", "vol-1", "nvme-Amazon_Elastic_Block_Store_vol1"])
  func theSameDiskMayHaveAnotherName(_ word: String) throws {
    let plan = try plan(.generating.with { $0.wipe = word }, .with(.holding("ext4")))
    #expect(plan.steps.contains { $0.id == "wipe" })
  }

  @Test func wipeOfAnotherDiskIsRefusedEvenWhereThisOneIsBlank() throws {
    let facts = Facts.healthy.with { $0.disks.append(.holding("xfs", 2)) }
    #expect(
      try refusal(.generating.with { $0.wipe = "vol2" }, facts).description.contains("vol2"))
  }

  @Test func aBlankDiskIsNotWiped() throws {
    #expect(try !plan(.wiping, .healthy).steps.contains { $0.id == "wipe" })
  }

  @Test func unknownContentsAreWipedOnlyByName() throws {
    let disk = DiskFacts(disk: .nvme(1), contents: .unknown("data at byte 4096"))
    #expect(try refusal(.generating, .with(disk)).description.contains("data at byte 4096"))
    #expect(try plan(.wiping, .with(disk)).steps.contains { $0.id == "wipe" })
  }

  @Test func aRecordedVolumeIsNeverWiped() throws {
    let spec = VolumeSpec.recorded.with { $0.wipe = "vol1" }
    // Damaged in any way, it is refused; whole, there is nothing to do.
    let headers = [
      Header.ours(), .ours(name: "other"), .ours().with { $0.subsystem = "" },
      .ours(tokens: [.esvol(.ready).with { $0.serial = "vol9" }]),
    ]
    for header in headers {
      let facts = Facts.finished.with {
        $0.target = .carrying(header)
        $0.elasticsearch.service = .stopped
        $0.mapping = .none
        $0.mountPoint = .absent
        $0.directories = nil
      }
      _ = try refusal(spec, facts)
    }
    #expect(try plan(spec, .finished).steps.isEmpty)
  }

  @Test func aVolumeRecordedUnderAnotherNameIsNeverWiped() throws {
    let facts = Facts.with(.carrying(.ours(tokens: [.esvol(.ready)]))).with {
      $0.configuration = .reading(Sample.recorded)
    }
    let spec = VolumeSpec.wiping.with {
      $0.name = "second"
      $0.mount = "/mnt/second"
      $0.data = "/mnt/second/data"
    }
    let refusal = try refusal(spec, facts)
    #expect(refusal.description.contains("'esvol'"))
  }

  @Test func aStrangersVolumeIsGivenUpByName() throws {
    let facts = Facts.with(.carrying(.ours(name: "other", tokens: [.esvol(.ready)])))
    #expect(try refusal(.generating, facts).description.contains("volume 'other'"))
    let plan = try plan(.wiping, facts)
    guard case .wipe(let wiping) = plan.steps[1] else {
      Issue.record("no wipe")
      return
    }
    #expect(wiping.contents.contains("esvault:other"))
  }
}
