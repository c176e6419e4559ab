import Foundation
import Testing

extension MachineTests {
  /// What `esvault unlock` does not open, and that it changes nothing then.
  @Suite struct UnlockRefusalTests {
    /// Rule 3.
    @Test func aCopyBesideTheVolumeIsNamedAndAloneItIsRefused() async throws {
      try await Machine.clean {
        let (disk, copy) = (try NVMe(1), try NVMe(2))
        try VolumeTemplate.place(copy: copy)
        let writes = try bash("cat /sys/block/\(copy.name)/stat").split(separator: " ")[6]
        let outcome = try Esvault("unlock")
        outcome.expectDone()
        #expect(outcome.volume["device"] as? String == disk.path)
        #expect(
          outcome.errors.contains("disk '\(copy.path)' (serial vol2) carries the same LUKS UUID"))
        #expect(try bash("lsblk -rno NAME \(copy.path)") == copy.name)
        #expect(try bash("cat /sys/block/\(copy.name)/stat").split(separator: " ")[6] == writes)
        try Esvault("lock").expectDone()

        try disk.pullOut()
        defer { try? NVMe.plugIn(1) }
        let start = ContinuousClock.now
        let alone = try expectRefusedAndClosed(
          "disk '\(copy.path)' carries volume 'esvol', but its serial is 'vol2', not the recorded 'vol1'",
          ["unlock"])
        // It might have been the first of two to appear.
        #expect(ContinuousClock.now - start > .seconds(5))
        #expect(alone.refusal?.advice.hasSuffix(": esvault unlock --adopt \(copy.path)") == true)
      }
    }

    /// Rule 4: whoever has changed the header shall not be given the key.
    @Test func aChangedHeaderIsRefusedBeforeItIsOpened() async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        let disk = try NVMe(1)
        let segment = "header['segments']['0']"
        for (change, reason) in [
          ("\(segment)['encryption'] = 'cipher_null-ecb'", "says cipher_null-ecb with "),
          ("\(segment)['encryption'] = 'aes-cbc-essiv:sha256'", "says aes-cbc-essiv:sha256 with "),
          ("header['keyslots']['0']['key_size'] = 32", "says aes-xts-plain64 with 256 bits"),
          // Any key would open it (CVE-2025-59054).
          (
            "header['keyslots']['0']['area']['encryption'] = 'cipher_null-ecb'",
            "keyslot 0 of volume 'esvol' on '\(disk.path)' is not encrypted"
          ),
          ("\(segment)['offset'] = '33554432'", "places the data at byte 33554432, not 16777216"),
          (
            "header['config']['requirements'] = {'mandatory': ['no-such-thing']}",
            "has an unfinished change: unknown"
          ),
        ] {
          try disk.changeHeader("\(change)")
          try expectRefusedAndClosed(reason, ["unlock"])
          try VolumeTemplate.lay(on: disk)
        }
        try bash(
          """
          cryptsetup reencrypt -q --init-only --pbkdf pbkdf2 --pbkdf-force-iterations 1000 \
            --key-file /etc/esvault/keys/esvol.key \(disk.path)
          """)
        try expectRefusedAndClosed("has an unfinished change: online-reencrypt", ["unlock"])
        try VolumeTemplate.lay(on: disk)
        try Esvault("unlock").expectDone()
      }
    }

    @Test func withoutItsKeyAVolumeStaysClosed() async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        let key = "/etc/esvault/keys/esvol.key"
        try bash("cp -a \(key) /root/right")
        for (loss, reason) in [
          ("rm -r KEY", "the key file '\(key)' of volume 'esvol' is gone"),
          ("chmod 644 KEY", "others than its owner may use it (mode 0644)"),
          ("chown 4321 KEY", "it belongs to user 4321"),
          ("rm KEY; mkdir KEY", "it is a directory"),
          ("rm -r KEY; touch KEY; chmod 400 KEY", "it is empty"),
          ("sed -i 's|file: KEY|credential: es.key|' CONF", "the credential 'es.key' of volume"),
          (
            "sed -i '/key:/d;/credential: es.key/d' CONF",
            "no key was given, and there is no terminal to ask for one"
          ),
        ] {
          try bash(
            "rm -rf KEY; cp -a /root/right KEY; \(loss)".replacingOccurrences(of: "KEY", with: key)
              .replacingOccurrences(of: "CONF", with: "/etc/esvault/esvault.yml"))
          let outcome = try expectRefusedAndClosed(reason, ["unlock"])
          #expect(outcome.refusal?.advice.contains("--generate-key") == false)
        }
        try bash("echo wrong >/root/wrong; chmod 400 /root/wrong")
        let before = try DiskWrites()
        let wrong = try Esvault("unlock", "--key-file", "/root/wrong")
        #expect(wrong.status == 1)
        #expect(
          wrong.failure == "could not open '\(try NVMe(1).path)': no keyslot matches this key")
        #expect(try DiskWrites() == before)
        #expect(!OpenVolume.isOpen)
        // A key that is stored nowhere is given by hand.
        let right = try Data(contentsOf: URL(fileURLWithPath: "/root/right"))
        try Esvault("unlock", "--key-file", "-", input: [UInt8](right)).expectDone()
        #expect(try OpenVolume.isMounted)
      }
    }

    /// Without its magic bytes nothing tells that it was a volume; with wrong checksums it still does.
    @Test(arguments: [[0, 16384], [300, 16684]])
    func aHeaderDamagedInBothCopiesPointsToABackup(offsets: [Int]) async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        let disk = try NVMe(1)
        for offset in offsets { try disk.damage(at: offset) }
        let reason =
          offsets[0] == 0
          ? "is on none of this machine's disks: the recorded disk '\(disk.path)' holds "
          : "both copies of the LUKS header of volume 'esvol' on '\(disk.path)' are damaged"
        let outcome = try expectRefusedAndClosed(reason, ["unlock"])
        #expect(
          outcome.refusal?.advice.hasSuffix(
            ": cryptsetup luksHeaderRestore \(disk.path) --header-backup-file FILE") == true)
      }
    }

    @Test func aForeignMappingOfThatNameIsNeitherUsedNorClosed() async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        let other = try NVMe(2).path
        for (make, what) in [
          ("dmsetup create esvol --table '0 2048 linear \(other) 0'", "is not volume 'esvol'"),
          (
            """
            echo -n secret | cryptsetup luksFormat -q --pbkdf pbkdf2 --pbkdf-force-iterations 1000 \(other) -
            echo -n secret | cryptsetup open \(other) esvol --key-file -
            """, "is another volume than the recorded one"
          ),
        ] {
          try bash(make)
          let unlock = try expectRefusal("'/dev/mapper/esvol' exists already") {
            try Esvault("unlock")
          }
          #expect(unlock.refusal?.advice.contains("dmsetup table esvol") == true)
          try expectRefusal("'/dev/mapper/esvol' \(what)") { try Esvault("lock") }
          #expect(OpenVolume.isOpen)
          try bash("dmsetup remove --retry esvol")
        }
      }
    }

    @Test func aMappingOfACopyIsTakenDownByLock() async throws {
      try await Machine.clean {
        let copy = try NVMe(2)
        try VolumeTemplate.place(copy: copy)
        try OpenVolume.open(copy)
        try expectRefusal(
          "'/dev/mapper/esvol' exists already, on another disk than '\(try NVMe(1).path)'"
        ) { try Esvault("unlock") }
        try Esvault("lock").expectDone()
        let outcome = try Esvault("unlock")
        outcome.expectDone()
        #expect(outcome.volume["serial"] as? String == "vol1")
      }
    }

    @Test func aVolumeWhoseDiskWasPulledOutIsTakenDownAndOpenedAgain() async throws {
      try await Machine.clean {
        let volume = try OpenVolume()
        try volume.disk.pullOut()
        defer { try? NVMe.plugIn(1) }
        try expectRefusal("is on none of this machine's disks") {
          try Esvault("unlock", "--timeout", "1")
        }
        try NVMe.plugIn(1)
        let outcome = try expectRefusal("'/dev/mapper/esvol' is left over from a disk that is gone")
        { try Esvault("unlock") }
        #expect(outcome.refusal?.advice == "Take it down: esvault lock esvol")
        try Esvault("lock", "esvol").expectDone()
        try Esvault("unlock").expectDone()
        #expect(try OpenVolume.isMounted)
      }
    }

    @Test func aMountPointThatIsNotFreeIsRefused() async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        for (make, reason, end) in [
          (
            "mount -t tmpfs foreign /mnt/es", "something else is mounted at '/mnt/es': 'foreign'",
            "umount /mnt/es"
          ),
          (
            "chattr -i /mnt/es; touch /mnt/es/file",
            "the mount point '/mnt/es' is not empty: its files would be hidden", "rm /mnt/es/file"
          ),
          (
            "rmdir /mnt/es; touch /mnt/es", "the mount point '/mnt/es' is not a directory",
            "rm /mnt/es; mkdir /mnt/es"
          ),
        ] {
          try bash(make)
          try expectRefusal(reason) { try Esvault("unlock") }
          #expect(!OpenVolume.isOpen)
          try bash(end)
        }
        // Whatever was done to it, it is guarded again before the volume is mounted.
        let outcome = try Esvault("unlock")
        outcome.expectDone()
        #expect(outcome.stepIDs == ["open", "guard", "mount", "start"])
        try FinishedVolume(disk: NVMe(1)).expect()
      }
    }
  }
}
