import Foundation
import Testing

extension MachineTests {
  /// `--wipe` gives up what a disk holds, once, and only what it names.
  @Suite struct WipeTests {
    @Test func partitionsAndFilesystemsAreWipedOnceAndTheVolumeNever() async throws {
      try await Machine.clean {
        let disk = try NVMe(2)
        try bash(
          """
          echo 'size=512M' | sfdisk -q \(disk.path)
          udevadm settle
          mkfs.ext4 -q \(disk.path)p1
          """)
        let first = try Esvault.provision(disk, "--wipe", disk.path)
        first.expectDone()
        #expect(first.stepIDs.starts(with: ["key", "wipe", "format"]))
        #expect(first.errors.contains("may remain readable"))
        try FinishedVolume(disk: disk).expect()
        #expect(try bash("ls \(disk.path)*") == disk.path)

        // Behind the header the mounted filesystem may write by itself.
        let header = "head -c 16777216 \(disk.path) | sha256sum"
        let before = try bash(header)
        let second = try Esvault.provision(disk, "--wipe", disk.path)
        second.expectDone()
        #expect(second.changed == false)
        #expect(try bash(header) == before)
      }
    }

    @Test func overwritingLeavesNoOldByte() async throws {
      try await Machine.clean {
        // Of a size that can be searched, on a file, where nothing is discarded by itself.
        try bash(
          """
          yes 'the old tenant was here' | head -c 167772160 >/tmp/loop || true
          losetup /dev/loop0 /tmp/loop
          """)
        let outcome = try Esvault(
          "provision", "/dev/loop0", "--generate-key", "--yes", "--wipe", "/dev/loop0",
          "--overwrite")
        outcome.expectDone()
        #expect(outcome.stepIDs.starts(with: ["key", "wipe", "format"]))
        #expect(!outcome.errors.contains("may remain readable"))
        #expect(outcome.errors.contains("written, 100 %"))
        #expect(outcome.errors.contains("has no serial of its own"))
        try bash("sync")
        #expect(try bash("grep -c 'the old tenant was here' /tmp/loop || true") == "0")
        #expect(try bash("findmnt -rno SOURCE /mnt/es") == "/dev/mapper/esvol")
      }
    }
  }
}
