import Foundation
import Testing

@testable import Vault

extension MachineTests {
  /// What detached disks show, with real encryption: dm-crypt has written what is read here.
  @Suite struct AuditImageTests {
    @Test func aClosedVolumeShowsNoPlaintextWhateverWasWritten() async throws {
      try await Machine.clean {
        let disk = try NVMe(1)
        try format(disk)
        // Zeros all over it, and then a filesystem with files in the clear.
        try bash(
          """
          dd if=/dev/zero of=/dev/mapper/audited bs=1M count=64 conv=fsync
          mke2fs -q -t ext4 /dev/mapper/audited
          mount /dev/mapper/audited /mnt
          yes '{"message": "a document in plaintext"}' | head -c 32M >/mnt/documents
          umount /mnt
          """)
        let open = look(at: "/dev/mapper/audited")
        #expect(open.verdicts["image-encrypted"] == .fail)
        #expect(open.verdicts["image-sample"] == .fail)
        try bash("cryptsetup close audited")
        let closed = look(at: disk.path)
        #expect(closed.audit.verdict == .pass)
        // 64 MiB of zeros are 6 % of the disk, and all of them became ciphertext.
        let sample = try #require(closed.sample)
        #expect(sample.random > 40 && sample.plaintextCount == 0)
      }
    }

    @Test func whatWasThereBeforeIsFoundBehindTheHeader() async throws {
      try await Machine.clean {
        let disk = try NVMe(1)
        try bash("yes 'what was here before' | dd of=\(disk.path) bs=1M count=128 iflag=fullblock")
        try format(disk)
        try bash("dd if=/dev/zero of=/dev/mapper/audited bs=1M count=48; cryptsetup close audited")
        let seen = look(at: disk.path)
        #expect(seen.verdicts["image-encrypted"] == .pass)
        #expect(seen.verdicts["image-old-plaintext"] == .fail)
        // Of 1008 MiB behind the header 112 were written before, and 48 of these again since.
        let share = try #require(seen.sample).plaintextShare
        #expect(share.contains(64.0 / 1008), "\(share)")
      }
    }

    @Test func aSuspendedDiskIsUnknownAndNotWaitedFor() async throws {
      try await Machine.clean {
        let disk = try NVMe(1)
        try bash("dmsetup create audited --table '0 2048 linear \(disk.path) 0'")
        try bash("dmsetup suspend audited")
        let seen = look(at: "/dev/mapper/audited", limit: .seconds(1))
        try bash("dmsetup resume audited")
        #expect(seen.audit.verdict == .unknown)
        #expect(seen.audit.findings[0].observation.message.hasSuffix("did not answer within 1 s"))
      }
    }

    private func format(_ disk: NVMe) throws {
      try bash(
        """
        printf geheim >/root/key
        cryptsetup luksFormat -q --pbkdf pbkdf2 --pbkdf-force-iterations 1000 \(disk.path) /root/key
        cryptsetup open --key-file /root/key \(disk.path) audited
        """)
    }

    private func look(at path: String, limit: Duration = .seconds(60)) -> Seen {
      Seen(ImageSurvey(limit: limit).look(at: [path]))
    }
  }
}

/// What an audit says of one image.
private struct Seen {
  let audit: Audit
  let sample: BlockSample?

  init(_ images: [ImageFacts]) {
    audit = Audit(AuditFacts(images: images), checks: Check.ofImages)
    sample = images.first?.sample
  }

  var verdicts: [String: Verdict] {
    Dictionary(audit.findings.map { ($0.check, $0.observation.verdict) }) { a, _ in a }
  }
}
