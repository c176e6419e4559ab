import Foundation
import Testing

extension MachineTests {
  /// A disk that is, was or claims to be a volume, and is not the one that is meant.
  @Suite struct VolumeRefusalTests {
    @Test func aTokenOfANewerVersionIsRefused() async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        let disk = try NVMe(1)
        try bash(
          """
          cryptsetup token export --token-id 0 \(disk.path) >/root/token
          sed -i 's/"version": *1/"version":2/' /root/token
          cryptsetup token import --token-id 0 --token-replace --json-file /root/token \(disk.path)
          """)
        try expectRefusal("its esvault token has version 2, newer than this program") {
          try Esvault.provision(disk)
        }
      }
    }

    @Test func theVolumeOfAnotherNamePlaceOrMachineIsRefused() async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        let (disk, blank) = (try NVMe(1), try NVMe(2))
        try expectRefusal("volume 'esvol' is on '\(disk.path)', not on '\(blank.path)'") {
          try Esvault.provision(blank)
        }
        try expectRefusal("belongs at '/mnt/es'") {
          try Esvault.provision(disk, "--mount", "/mnt/b")
        }
        try bash("mv /etc/esvault/keys/esvol.key /root/key")
        try expectRefusal("the key file '/etc/esvault/keys/esvol.key' of volume 'esvol' is gone") {
          try Esvault.provision(disk)
        }
        try bash("rm -r /etc/esvault; cp -a /run/pristine/elasticsearch /etc/")
        try expectRefusal("'\(disk.path)' is the volume 'esvol', not 'other'") {
          try Esvault.provision(disk, "--name", "other")
        }
        try expectRefusal("is a volume 'esvol' that this machine has no record of") {
          try Esvault.provision(disk)
        }
      }
    }

    @Test func aWrongKeyFailsAndChangesNothing() async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        let disk = try NVMe(1)
        try bash("chmod 600 /etc/esvault/keys/esvol.key; echo x >>/etc/esvault/keys/esvol.key")
        let before = try DiskWrites()
        let outcome = try Esvault.provision(disk)
        #expect(outcome.status == 1)
        #expect(outcome.failure == "could not open '\(disk.path)': no keyslot matches this key")
        #expect(try DiskWrites() == before)
      }
    }

    @Test func aCloneAloneIsNotTheRecordedVolume() async throws {
      try await Machine.clean {
        let (disk, clone) = (try NVMe(1), try NVMe(2))
        try VolumeTemplate.place(copy: clone)
        try bash("blkdiscard -f \(disk.path)")
        let reason = "its serial is 'vol2', not the recorded 'vol1'"
        try expectRefusal(reason) { try Esvault.provision("--generate-key") }
        try expectRefusal(reason) { try Esvault.provision(clone, "--wipe", clone.path) }
      }
    }

    @Test func aRecordedVolumeWhoseHeaderIsGoneIsNeverMadeAnew() async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        let disk = try NVMe(1)
        for loss in [
          "echo -n secret >/root/key; cryptsetup -q --pbkdf pbkdf2 --pbkdf-force-iterations 1000 luksFormat DISK /root/key",
          "blkdiscard -f DISK",
        ] {
          try bash(loss.replacingOccurrences(of: "DISK", with: disk.path))
          try expectRefusal("is on none of this machine's disks") {
            try Esvault.provision(disk, "--wipe", disk.path)
          }
        }
      }
    }

    /// libcryptsetup repairs a damaged header copy when it loads one: looking must not let it.
    @Test func lookingLeavesADamagedHeaderCopyAsItIs() async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        let disk = try NVMe(1)
        // The second copy begins at 16 KiB; 256 bytes in are parts of its binary header.
        try bash("printf damage | dd of=\(disk.path) bs=1 seek=16640 conv=notrunc,fsync")
        let digest = try bash("head -c 4194304 \(disk.path) | sha256sum")
        let before = try DiskWrites()
        #expect(try Esvault("devices").status == 0)
        #expect(try Esvault.provision(disk, "--dry-run").status == 0)
        #expect(try DiskWrites() == before)
        try expectRefusal("belongs at '/mnt/es'") {
          try Esvault.provision(disk, "--mount", "/mnt/b")
        }
        #expect(try bash("head -c 4194304 \(disk.path) | sha256sum") == digest)
      }
    }
  }
}
