import BlockDevices
import Testing

@testable import Vault

/// A recorded volume whose header is damaged can be restored from a header backup, unless it is wiped.
@Suite struct DamagedVolumeTests {
  private let spec = VolumeSpec.wiping.with {
    $0.name = "second"
    $0.mount = "/mnt/second"
    $0.data = "/mnt/second/data"
  }

  private func facts(_ disk: DiskFacts) -> Facts {
    Facts.with(disk).with { $0.configuration = .reading(Sample.recorded) }
  }

  @Test func itIsNotWipedForAnotherVolume() throws {
    let signature = Signature(type: "crypto_LUKS", usage: .crypto)
    let damaged = [
      DiskFacts(
        disk: .nvme(1), contents: .holds(signature), header: .unreadable("both copies are damaged")),
      DiskFacts(disk: .nvme(1), contents: .unknown("data without a known signature at byte 0")),
    ]
    for disk in damaged {
      #expect(try refusal(spec, facts(disk)).description.contains("recorded volume 'esvol'"))
    }
  }

  @Test func aVolumeThatWasNeverMadeProtectsNothing() throws {
    let facts = Facts.with(.holding("ext4")).with {
      $0.configuration = .reading("version: 1\nvolumes:\n  - name: esvol\n    device: vol1\n")
    }
    #expect(try plan(spec, facts).steps.contains { $0.id == "wipe" })
  }
}
