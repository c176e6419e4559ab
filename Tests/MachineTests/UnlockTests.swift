import Foundation
import Testing

extension MachineTests {
  /// After a reboot, `esvault unlock` opens and mounts what is recorded.
  @Suite struct UnlockTests {
    /// A sibling that looks at all disks, udev, or a monitoring program.
    @Test func aDiskThatSomebodyClaimsForAMomentIsOpenedAllTheSame() async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        try bash(
          """
          python3 -c "
          import os, time
          os.open('\(NVMe(1).path)', os.O_RDONLY | os.O_EXCL)
          open('/run/claimed', 'w').close()
          time.sleep(3)" >/dev/null 2>&1 &
          for i in $(seq 100); do [[ ! -e /run/claimed ]] || break; sleep 0.1; done
          rm /run/claimed
          """)
        try Esvault("unlock", "--no-start").expectDone()
      }
    }

    /// A volume of the cloud hangs, and the machine boots: the data volume is another.
    ///
    /// - Parameter isAwaited: whether somebody waits for the disk already, as udev does at boot. If not,
    ///   whoever asks it first cannot end.
    @Test(arguments: [true, false])
    func aDiskThatDoesNotAnswerKeepsNoOtherClosed(isAwaited: Bool) async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        let loop = try bash(
          """
          dmsetup create silent --table '0 524288 linear \(NVMe(2).path) 0'
          losetup --find --show /dev/mapper/silent
          """)
        try bash("udevadm settle; dmsetup suspend silent")
        if isAwaited {
          try bash(
            """
            python3 -c "
            import os
            os.closerange(3, 256)  # of the test, which would wait for whoever has them
            os.pread(os.open('\(loop)', os.O_RDONLY), 4096, 99 << 20)" >/dev/null 2>&1 &
            until grep -q '[1-9]' /sys/block/\(loop.dropFirst(5))/inflight; do sleep 0.1; done
            """)
        }
        defer {
          _ = try? bash(
            "dmsetup resume silent; wait; losetup -d \(loop); dmsetup remove --retry silent")
        }
        try Esvault("unlock", "--no-start").expectDone()
        // Once is enough of what waits 10 s.
        if isAwaited {
          let devices = try Esvault("devices").text
          #expect(devices.contains("'\(loop)' did not answer within 10 s"), "\(devices)")
        }
        try expectRefusal("'\(loop)' does not answer", except: try NVMe(1)) {
          try Esvault("provision", loop, "--name", "second", "--generate-key", "--wipe", loop)
        }
      }
    }

    /// Device-mapper makes a mapping, gives it its table, and only then puts the table to work.
    @Test(arguments: [
      "true",
      "dmsetup load esvol --table '0 2048 linear /dev/disk/by-id/nvme-QEMU_NVMe_Ctrl_vol1 32768'",
    ])
    func whatACutOffOpeningHasLeftIsTakenAway(then: String) async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        let uuid = try bash("cryptsetup luksUUID \(NVMe(1).path)").filter { $0 != "-" }
        try bash("dmsetup create esvol --notable --uuid CRYPT-LUKS2-\(uuid)-esvol; \(then)")
        let outcome = try Esvault("unlock")
        outcome.expectDone()
        #expect(outcome.stepIDs.prefix(2) == ["open", "mount"])
        #expect(try bash("findmnt -rno SOURCE /mnt/es") == "/dev/mapper/esvol")
      }
    }

    @Test func anUnfinishedMappingOfAnotherVolumeIsLeftAlone() async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        let uuid = "CRYPT-LUKS2-11111111111111111111111111111111-esvol"
        try bash("dmsetup create esvol --notable --uuid \(uuid)")
        try expectRefusal("'/dev/mapper/esvol' exists already: an opening of the volume with") {
          try Esvault("unlock")
        }
        #expect(try bash("dmsetup info -c --noheadings -o uuid esvol") == uuid)
        try bash("dmsetup remove esvol")
      }
    }

    @Test func aClosedVolumeIsOpenedMountedAndServed() async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        let outcome = try Esvault("unlock")
        outcome.expectDone()
        #expect(outcome.stepIDs == ["open", "mount", "start"])
        #expect(outcome.changed == true)
        #expect(outcome.volume["mount"] as? String == "/mnt/es")
        #expect(try bash("ls /run/stand-in/active") == "/run/stand-in/active")
        try FinishedVolume(disk: NVMe(1)).expect()

        try Esvault("lock").expectDone()
        let quiet = try Esvault("unlock", "--no-start", "esvol")
        quiet.expectDone()
        #expect(quiet.stepIDs == ["open", "mount"])
        try bash("umount /mnt/es")
        let mounted = try Esvault("unlock", "--no-start")
        mounted.expectDone()
        #expect(mounted.stepIDs == ["mount"])
      }
    }

    /// Rule 10: the unit that Elasticsearch waits for never waits for who waits for Elasticsearch.
    @Test func withNothingToDoNoLockIsTakenAndElseTheHolderIsNamed() async throws {
      try await Machine.clean {
        _ = try OpenVolume()
        let holder = try Background(
          """
          exec 9>/run/esvault.lock
          flock 9
          echo -n "'esvault provision', process $$" >&9
          exec sleep 300
          """)
        defer { holder.end() }
        let nothing = try Esvault("unlock")
        #expect(nothing.status == 0, "\(nothing.errors)")
        #expect(nothing.stepIDs.isEmpty && nothing.changed == false)

        try bash("umount /mnt/es; cryptsetup close esvol")
        try expectRefusedAndClosed(
          "another esvault is at work: 'esvault provision', process \(holder.id)",
          ["unlock", "--timeout", "1"])
        let end = try Background(
          "exec sh -c 'sleep 3; kill -KILL \(holder.id); exec sleep 300'", becoming: "sh")
        defer { end.end() }
        let patient = try Esvault("unlock", "--timeout", "60")
        patient.expectDone()
        #expect(patient.errors.contains("waiting up to 60 s: another esvault is at work"))
        #expect(try OpenVolume.isMounted)
      }
    }

    /// Rule 10: whoever comes first does it, the others find it done.
    @Test func unlocksAndAProvisionAtTheSameInstantComeToOneOutcome() async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        for round in 1...5 {
          let said = try bash(
            """
            for command in "unlock" "provision --yes" "unlock esvol"; do
              (
                status=0
                timeout 120 /payload/esvault $command >/run/said-$BASHPID 2>&1 || status=$?
                echo "${command%% *} $status $(tr '\\n' ' ' </run/said-$BASHPID)"
              ) &
            done
            wait
            """
          ).split(separator: "\n")
          #expect(said.count == 3)
          for line in said {
            let isDone = line.hasPrefix("unlock 0 ") || line.hasPrefix("provision 0 ")
            let isLate =
              line.hasPrefix("provision 2 ") && line.contains("another esvault is at work")
            #expect(isDone || isLate, "round \(round): \(line)")
          }
          #expect(try OpenVolume.isMounted, "round \(round)")
          try Esvault("lock").expectDone()
          #expect(!OpenVolume.isOpen)
        }
      }
    }

    @Test func anUncleanFilesystemIsMendedAndOneBeyondMendingIsNot() async throws {
      try await Machine.clean {
        let volume = try OpenVolume()
        try bash(
          """
          for i in {1..20}; do echo $i >/mnt/es/elasticsearch/file-$i; done
          sync -f /mnt/es
          dmsetup wipe_table --force --noflush --nolockfs esvol
          umount /mnt/es
          dmsetup remove --retry esvol
          """)
        let mended = try Esvault("unlock")
        mended.expectDone()
        #expect(
          mended.errors.contains("note: volume 'esvol' was not unmounted in order; e2fsck says: "))
        #expect(try bash("cat /mnt/es/elasticsearch/file-20") == "20")
        try Esvault("lock").expectDone()

        try OpenVolume.open(volume.disk)
        try bash(
          """
          debugfs -w -R 'clri <2>' /dev/mapper/esvol
          debugfs -w -R 'ssv state 2' /dev/mapper/esvol
          cryptsetup close esvol
          """)
        let broken = try Esvault("unlock")
        #expect(broken.status == 1)
        #expect(broken.steps.map(\.state) == ["done", "failed", "planned"])
        #expect(broken.failure?.contains("'e2fsck -p' does not mend") == true, "\(broken.errors)")
        #expect(try !OpenVolume.isMounted)
        try Esvault("lock").expectDone()
        #expect(!OpenVolume.isOpen)
      }
    }

    /// The first copy without its magic bytes, the second with a wrong checksum.
    @Test(arguments: zip([0, 16640], [16640, 0]))
    func aHeaderDamagedInOneCopyOpensSaysSoAndIsMended(offset: Int, other: Int) async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        let disk = try NVMe(1)
        try disk.damage(at: offset)
        try openSaying(disk)
        // Mended: otherwise nothing would be left after the next blow.
        try disk.damage(at: other)
        try openSaying(disk)
        let last = try Esvault("unlock", "--no-start")
        last.expectDone()
        #expect(!last.errors.contains("damaged"))
      }
    }

    private func openSaying(_ disk: NVMe) throws {
      let outcome = try Esvault("unlock")
      outcome.expectDone()
      #expect(
        outcome.errors.contains(
          "one of the two copies of the LUKS header on '\(disk.path)' is damaged"))
      try Esvault("lock").expectDone()
    }

    @Test func aDiskThatAppearsLateIsWaitedForAndOneThatDoesNotIsMissed() async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        try NVMe(1).pullOut()
        defer { try? NVMe.plugIn(1) }
        let missing = try expectRefusedAndClosed(
          "volume 'esvol' (LUKS UUID ", ["unlock", "--timeout", "1"])
        #expect(
          missing.refusal?.description.hasSuffix("is on none of this machine's disks") == true)
        #expect(missing.refusal?.advice.hasPrefix("Attach its disk 'vol1'") == true)

        let late = try Background(
          "exec sh -c 'sleep 4; echo 1 >/sys/bus/pci/rescan; exec sleep 300'", becoming: "sh")
        defer { late.end() }
        let outcome = try Esvault("unlock", "--timeout", "90")
        outcome.expectDone()
        #expect(outcome.errors.contains("waiting up to 90 s: volume 'esvol'"), "\(outcome.errors)")
        #expect(try OpenVolume.isMounted)
      }
    }
  }
}
