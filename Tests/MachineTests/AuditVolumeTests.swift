import Foundation
import Testing

extension MachineTests {
  /// `esvault audit` on real disks, headers, mappings and keys.
  @Suite struct AuditVolumeTests {
    private static let ofVolume = [
      "luks2", "cipher", "live-mapping", "keyslots", "foreign-keyslots", "reencryption",
      "header-copies", "journal",
    ]
    /// All that can be seen without systemd.
    private static let visible =
      ofVolume + [
        "mount-guard", "key-file", "key", "volume-configured", "node-state", "ownership", "heap",
      ]

    @Test func aFinishedVolumePassesAndNothingIsChangedByLooking() async throws {
      try await Machine.clean {
        try Self.open()
        try bash("systemctl start elasticsearch.service; sync")
        let before = try Self.traces()
        let audit = try Audit(Self.visible, "--check-key")
        #expect(try Self.traces() == before)
        #expect(audit.status == 0, "\(audit.outcome.text)")
        #expect(audit.verdicts.count == Self.visible.count)
        for (check, verdict) in audit.verdicts { #expect(verdict == "pass", "\(check)") }
        #expect(audit.message(of: "key")?.hasSuffix("opens keyslot 0") == true)
        let place = try Audit(["key-place"])
        #expect(place.message(of: "key-place")?.contains("lies in the clear") == true)
        #expect(try Audit(["key", "luks2"], "--check-key", "--skip", "key").status == 0)
      }
    }

    @Test func aVolumeThatIsClosedIsJudgedByItsHeader() async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        // The sectors that were written: of an open volume the kernel itself writes some.
        let written = "awk '{ print $7 }' /sys/block/\(try NVMe(1).name)/stat"
        let before = try bash("sync; \(written)")
        let audit = try Audit(Self.ofVolume + ["mount-guard", "key"], "--check-key")
        #expect(try bash("sync; \(written)") == before)
        #expect(audit.status == 0, "\(audit.outcome.text)")
        #expect(audit.message(of: "live-mapping")?.contains("is not open") == true)
        #expect(try Audit(["node-state"]).status == 1)
        #expect(try bash("ls /dev/mapper") == "control")
      }
    }

    @Test func anOrdinaryUserIsToldWhatHeCannotSee() async throws {
      try await Machine.clean {
        try Self.open()
        let nobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups", "/payload/esvault"]
        let audit = Audit(
          Esvault(try run("/usr/bin/setpriv", nobody + ["audit", "--format", "json"])))
        for check in Self.ofVolume + ["mount-guard", "key-file", "node-state"] {
          #expect(audit.verdicts[check] == "unknown", "\(check)")
        }
        #expect(audit.verdicts["key"] == nil)
        #expect(audit.outcome.errors.isEmpty)
      }
    }

    @Test func damagedCopiesAreFoundAndNotMended() async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        let disk = try NVMe(1)
        try disk.damage(at: 4096)
        for _ in 1...2 {
          let audit = try Audit(Self.ofVolume)
          #expect(audit.status == 3)
          #expect(audit.failed == ["header-copies"], "\(audit.outcome.text)")
        }
        try disk.damage(at: 16384 + 4096)
        let lost = try Audit(Self.ofVolume)
        #expect(lost.status == 1 && lost.verdicts["luks2"] == "unknown", "\(lost.outcome.text)")
        try bash("wipefs -qa \(disk.path); blkdiscard -f \(disk.path)")
        #expect(try Audit(["luks2", "cipher"]).failed == ["cipher", "luks2"])
      }
    }

    /// Headers with right checksums, as somebody writes them who knows the format.
    @Test func aHeaderThatSaysOtherwiseFails() async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        let disk = try NVMe(1)
        let changes = [
          ("header['segments']['0'].update(encryption='cipher_null-ecb')", "cipher"),
          ("header['segments']['0'].update(encryption='aes-cbc-plain64')", "cipher"),
          ("header['keyslots']['0']['area'].update(encryption='cipher_null-ecb')", "cipher"),
          ("header['tokens']['0'].update(phase='formatted')", "journal"),
          ("header['tokens']['0'].update(serial='vol9')", "journal"),
          ("header['tokens'].clear()", "journal"),
          ("header['keyslots'].clear(); header['digests']['0'].update(keyslots=[])", "keyslots"),
        ]
        for (change, check) in changes {
          try disk.changeHeader(change)
          let audit = try Audit(Self.ofVolume)
          #expect(audit.status == 3, "\(change)")
          #expect(audit.failed.contains(check), "\(change): \(audit.outcome.text)")
          try VolumeTemplate.lay(on: disk)
        }
        try disk.changeHeader("header['config'].update(requirements={'mandatory': ['strange']})")
        let strange = try Audit(Self.ofVolume)
        #expect(strange.status != 0 && strange.verdicts["reencryption"] != "pass")
      }
    }

    @Test func aMappingThatIsNotTheVolumesFails() async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        let disk = try NVMe(1)
        let uuid = try bash("cryptsetup luksUUID \(disk.path)").filter { $0 != "-" }.lowercased()
        let size = 1 << 20
        let key = String(repeating: "0f", count: 64)
        for (table, words) in [
          ("linear \(disk.path) 32768", "does not encrypt"),
          ("crypt cipher_null-ecb - 0 \(disk.path) 32768", "encrypted with cipher_null-ecb"),
          ("crypt aes-xts-plain64 \(key) 0 \(disk.path) 0", "from byte 0"),
          ("crypt aes-xts-plain64 \(key) 0 \(disk.path) 32768", "sectors of 512 bytes"),
          ("crypt aes-xts-plain64 \(key) 0 \(try NVMe(2).path) 32768", "not on 'vol1'"),
        ] {
          try bash(
            "dmsetup create esvol -u CRYPT-LUKS2-\(uuid)-esvol --table '0 \(size) \(table)'")
          let audit = try Audit(["live-mapping"])
          #expect(audit.status == 3)
          #expect(
            audit.message(of: "live-mapping")?.contains(words) == true, "\(audit.outcome.text)")
          try bash("udevadm settle --timeout=10; dmsetup remove --retry esvol")
        }
      }
    }

    @Test func aSuspendedVolumeKeepsNobodyWaiting() async throws {
      try await Machine.clean {
        try Self.open()
        try bash("dmsetup suspend --nolockfs esvol")
        defer { _ = try? bash("dmsetup resume esvol") }
        let started = ContinuousClock.now
        let audit = try Audit(Self.visible, "--check-key")
        #expect(ContinuousClock.now - started < .seconds(30))
        #expect(audit.failed.contains("live-mapping"))
        #expect(
          audit.verdicts["node-state"] == "unknown" && audit.verdicts["ownership"] == "unknown")
      }
    }

    @Test func weakAndForeignKeyslotsAndAWrongKeyAreFound() async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        let (disk, key) = (try NVMe(1), "/etc/esvault/keys/esvol.key")
        try bash(
          "echo -n secret | cryptsetup luksAddKey --key-file \(key) --pbkdf pbkdf2 --pbkdf-force-iterations 1000 \(disk.path) -"
        )
        let weak = try Audit(["keyslots", "foreign-keyslots", "key"], "--check-key")
        #expect(weak.failed == ["foreign-keyslots", "keyslots"])
        #expect(weak.message(of: "keyslots")?.hasPrefix("keyslot 1 costs only 1000 rounds") == true)
        #expect(weak.verdicts["key"] == "pass")
        #expect(try Audit(["foreign-keyslots"]).status == 1, "what is for information never counts")
        try bash("head -c 64 /dev/urandom >\(key)")
        let wrong = try Audit(["key"], "--check-key")
        #expect(wrong.status == 3 && wrong.failed == ["key"])
        try bash("rm \(key)")
        #expect(try Audit(["key-file"]).failed == ["key-file"])
      }
    }

    @Test func aGuardThatIsGoneAndAKeyForOthersAreFound() async throws {
      try await Machine.clean {
        try Self.open()
        let key = "/etc/esvault/keys/esvol.key"
        for (change, back, check) in [
          (
            Self.beneath("chattr -i /tmp/below/mnt/es"),
            Self.beneath("chattr +i /tmp/below/mnt/es"),
            "mount-guard"
          ),
          ("chmod 0644 \(key)", "chmod 0400 \(key)", "key-file"),
          ("chown 1 \(key)", "chown 0 \(key)", "key-file"),
          ("chmod 0777 /etc/esvault", "chmod 0755 /etc/esvault", "key-file"),
          (
            "cp \(key) /tmp/k; ln -sf /tmp/k \(key)",
            "cp --remove-destination /tmp/k \(key); chmod 0400 \(key)",
            "key-file"
          ),
          (
            "cp -p \(key) /mnt/es/key; mount --bind /mnt/es/key \(key)",
            "umount \(key); rm /mnt/es/key",
            "key-file"
          ),
          ("chmod 0755 /mnt/es", "chmod 0711 /mnt/es", "ownership"),
          (
            "chown 0 /mnt/es/elasticsearch", "chown elasticsearch /mnt/es/elasticsearch",
            "ownership"
          ),
        ] {
          #expect(try Audit([check]).status == 0, "before \(change)")
          try bash(change)
          let audit = try Audit([check])
          #expect(audit.status == 3 && audit.failed == [check], "\(change): \(audit.outcome.text)")
          try bash(back)
        }
      }
    }

    @Test func unitsThatAreNotAsTheyMustBeAreFound() async throws {
      try await Machine.clean {
        try Self.open()
        try StandIn.tellPaths()
        let folder = "/etc/systemd/system"
        let wants = "\(folder)/multi-user.target.wants/esvault-unlock.service"
        let gate = "\(folder)/elasticsearch.service.d"
        let unlock = "\(folder)/esvault-unlock.service"
        for (check, words, change, back) in [
          ("unlock-unit", "is not enabled", "rm \(wants)", "ln -s \(unlock) \(wants)"),
          (
            "unlock-unit", "overrides",
            "printf '[Service]\\nExecStart=\\nExecStart=/bin/true\\n' >\(unlock).d/zz.conf",
            "rm \(unlock).d/zz.conf"
          ),
          (
            "unlock-unit", "there is no '\(folder)/mnt-es.mount'",
            "mv \(folder)/mnt-es.mount /root/",
            "mv /root/mnt-es.mount \(folder)/"
          ),
          (
            "gate", "there is no '\(gate)/esvault.conf'", "mv \(gate)/esvault.conf /root/",
            "mv /root/esvault.conf \(gate)/"
          ),
          (
            "gate", "takes the gate back",
            "printf '[Service]\\nExecStartPre=\\n' >\(gate)/zz.conf", "rm \(gate)/zz.conf"
          ),
        ] {
          let before = try Audit(["unlock-unit", "gate"])
          #expect(before.status == 0, "before \(change): \(before.outcome.text)")
          try bash(change)
          let audit = try Audit([check])
          #expect(audit.status == 3, "\(change)")
          #expect(audit.message(of: check)?.contains(words) == true, "\(audit.outcome.text)")
          try bash(back)
        }
      }
    }

    private static func open() throws {
      try VolumeTemplate.place()
      try OpenVolume.open(try NVMe(1))
      try bash("mount -o noatime,nodev,nosuid /dev/mapper/esvol /mnt/es")
    }

    /// Runs a line with the root filesystem's own directories in sight.
    private static func beneath(_ line: String) -> String {
      "mkdir -p /tmp/below; mount --bind / /tmp/below; \(line); umount /tmp/below"
    }

    /// What a change of the machine would leave: mounts and mappings.
    private static func traces() throws -> String {
      try bash(
        """
        cat /proc/self/mountinfo
        dmsetup info -c --noheadings -o name,events,open
        sha256sum /etc/esvault/esvault.yml
        """)
    }
  }
}

/// What `esvault audit` has found.
private struct Audit {
  let outcome: Esvault
  private let findings: [[String: String]]

  init(_ checks: [String], _ more: String...) throws {
    self.init(try Esvault(["audit"] + checks.flatMap { ["--check", $0] } + more))
  }

  init(_ outcome: Esvault) {
    self.outcome = outcome
    findings = outcome.findings
  }

  var status: Int32 { outcome.status }
  var verdicts: [String: String] {
    Dictionary(
      findings.map { ($0["check"] ?? "?", $0["verdict"] ?? "?") }, uniquingKeysWith: { $1 })
  }
  /// The checks that fail, sorted.
  var failed: [String] { verdicts.filter { $0.value == "fail" }.map(\.key).sorted() }

  func message(of check: String) -> String? {
    findings.first { $0["check"] == check }?["message"]
  }
}
