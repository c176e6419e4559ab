import Foundation
import Testing

extension MachineTests {
  /// From a blank disk to a running node, and what a second run and a reboot make of it.
  @Suite struct HappyPathTests {
    private static let everyStep = [
      "key", "format", "open", "filesystem", "guard", "mount", "directory", "record", "units",
      "heap", "data-path", "enable", "start", "verify",
    ]

    /// Elasticsearch must pass through what is above its mount point, whatever root's own files are like.
    @Test func anUmaskOfRootsHidesNothingFromElasticsearch() async throws {
      try await Machine.clean {
        let words = "--generate-key --yes --no-start --mount /data/es"
        try bash("umask 077; /payload/esvault provision \(try NVMe(1).path) \(words)")
        defer { _ = try? bash("/payload/esvault lock; chattr -i /data/es; rm -r /data") }
        #expect(
          try bash("stat -c '%a %n' /data /data/es /data/es/elasticsearch")
            == "755 /data\n711 /data/es\n750 /data/es/elasticsearch")
      }
    }

    @Test func aBlankDiskBecomesTheVolumeAndASecondRunChangesNothing() async throws {
      try await Machine.clean {
        let disk = try NVMe(1)
        let settings = try bash("grep -v '^path.data' /etc/elasticsearch/elasticsearch.yml")
        let unchanged = "grep -Ev '^-Xm[sx]|^-XX:(HeapDumpPath|ErrorFile|ReplayDataFile)='"
        let options = try bash("\(unchanged) /etc/elasticsearch/jvm.options")

        let first = try Esvault.provision(disk)
        first.expectDone()
        #expect(first.stepIDs == Self.everyStep)
        #expect(first.changed == true)
        try FinishedVolume(disk: disk).expect()
        #expect(first.volume["nodeID"] as? String == "_cRiw287SRyE7ChkYnWIww")
        #expect(
          try bash("grep node: /etc/esvault/esvault.yml") == "    node: _cRiw287SRyE7ChkYnWIww")
        try expectMinimalKeyslot(disk)
        let behaviour =
          "dumpe2fs -h /dev/mapper/esvol 2>/dev/null | sed -n 's/^Errors behavior: *//p'"
        #expect(try bash(behaviour) == "Remount read-only")
        #expect(
          try bash("stat -c '%a %U %s' /etc/esvault/keys/esvol.key; stat -c %a /etc/esvault/keys")
            == "400 root 64\n700")
        #expect(
          try bash("grep -v '^path.data' /etc/elasticsearch/elasticsearch.yml") == settings)
        #expect(try bash("\(unchanged) /etc/elasticsearch/jvm.options") == options)
        // What was there before stays beside what was edited.
        for file in ["elasticsearch.yml", "jvm.options"] {
          let backup = "/etc/elasticsearch/\(file).esvault-2*Z"
          #expect(
            try bash("cmp /run/pristine/elasticsearch/\(file) \(backup) && echo same") == "same")
        }
        let heap = try bash("grep '^-Xm[sx]' /etc/elasticsearch/jvm.options")
        let expected = try bash("awk '/MemTotal/ { print int($2 / 2048) }' /proc/meminfo")
        #expect(heap.contains("-Xms\(expected)m"), "\(heap)")
        #expect(heap.contains("-Xmx\(expected)m"), "\(heap)")

        let before = try header(disk)
        let second = try Esvault.provision(disk)
        second.expectDone()
        #expect(second.stepIDs.isEmpty)
        #expect(second.changed == false)

        // Three more blank disks are attached: none of them is taken without being named.
        try expectRefusal("belongs to no volume of the configuration", except: disk) {
          try Esvault.provision("--generate-key")
        }
        let other = try NVMe(2)
        try expectRefusal("volume 'esvol' is on '\(disk.path)', not on", except: disk) {
          try Esvault.provision(other)
        }
        #expect(try header(disk) == before)
      }
    }

    /// A clone of the disk is attached as well: the recorded serial tells them apart.
    @Test func afterARebootTheSameDataIsOpenedAndNotItsClone() async throws {
      try await Machine.clean {
        let (disk, clone) = (try NVMe(1), try NVMe(2))
        try VolumeTemplate.place(copy: clone)
        let before = try header(disk)
        let writes = try DiskWrites(except: disk)
        let again = try Esvault("provision", "--yes")
        again.expectDone()
        #expect(again.stepIDs == ["open", "mount", "directory", "start", "verify"])
        #expect(
          again.errors.contains("disk '\(clone.path)' (serial vol2) carries the same LUKS UUID"))
        try FinishedVolume(disk: disk).expect()
        // The node counts its starts: it has found its own state.
        #expect(try bash("ls /mnt/es/elasticsearch/nodes/0/_state") == "node-1.st")
        #expect(try header(disk) == before)
        #expect(try DiskWrites(except: disk) == writes)
      }
    }

    @Test func aPassphraseFromStandardInputGetsArgon2idWithBoundedMemory() async throws {
      try await Machine.clean {
        let disk = try NVMe(2)
        let passphrase = Array("correct horse\nbattery \u{0} staple".utf8)
        let outcome = try Esvault(
          "provision", disk.path, "--key-file", "-", "--yes", input: passphrase)
        outcome.expectDone()
        #expect(outcome.stepIDs == Array(Self.everyStep.dropFirst()))
        try FinishedVolume(disk: disk).expect()
        let dump = try bash("cryptsetup luksDump \(disk.path)").condensed
        #expect(dump.contains("PBKDF: argon2id"))
        let memory = dump.split(separator: "\n").first { $0.contains("Memory:") }
        let kibibytes = Int(memory?.split(separator: " ").last ?? "") ?? .max
        // Half of the memory is the heap's; of the rest, half again.
        let limit = Int(try bash("awk '/MemTotal/ { print int($2 / 4) }' /proc/meminfo")) ?? 0
        #expect((32 << 10...limit).contains(kibibytes), "\(kibibytes) of \(limit)")
        #expect(try bash("ls -A /etc/esvault") == "esvault.yml")
        #expect(!outcome.errors.contains("staple") && !outcome.text.contains("staple"))
      }
    }

    @Test func aDiskWith4096ByteSectorsAndASerialWillDo() async throws {
      try await Machine.clean {
        let disk = try NVMe(4)
        let outcome = try Esvault("provision", disk.serial, "--generate-key", "--yes")
        outcome.expectDone()
        try FinishedVolume(disk: disk).expect()
        #expect(outcome.volume["sectorSize"] as? Int == 4096)
      }
    }

    @Test func aDryRunShowsThePlanAndWritesNothing() async throws {
      try await Machine.clean {
        let disk = try NVMe(1)
        let before = try DiskWrites()
        let outcome = try Esvault.provision(disk, "--dry-run")
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.stepIDs == Self.everyStep)
        #expect(outcome.steps.allSatisfy { $0.state == "planned" })
        #expect(outcome.changed == true)
        #expect(try DiskWrites() == before)
        #expect(try bash("ls -d /etc/esvault /var/lib/esvault /mnt/es 2>/dev/null || true") == "")
      }
    }

    /// A key of 512 random bits: cryptsetup's minimum of 1000 iterations, one keyslot.
    private func expectMinimalKeyslot(_ disk: NVMe) throws {
      let dump = try bash("cryptsetup luksDump \(disk.path)").condensed
      #expect(dump.contains("PBKDF: pbkdf2"))
      #expect(dump.contains("Iterations: 1000\n"))
    }

    private func header(_ disk: NVMe) throws -> String {
      try bash("head -c 16777216 \(disk.path) | sha256sum")
    }
  }
}
