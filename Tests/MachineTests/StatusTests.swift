import Foundation
import Testing

extension MachineTests {
  /// `esvault status` on real disks, mappings and mounts.
  @Suite struct StatusTests {
    @Test func aFinishedVolumeIsShownFromElasticsearchDownToTheDisk() async throws {
      try await Machine.clean {
        try Self.open()
        try bash("systemctl start elasticsearch.service")
        let disk = try NVMe(1)
        let outcome = try Esvault("status")
        #expect(outcome.status == 0)
        let volume = outcome.volume
        #expect(volume["device"] as? String == disk.path)
        #expect(volume["serial"] as? String == "vol1")
        #expect(volume["bytes"] as? Int == NVMe.bytes)
        #expect(volume["open"] as? Bool == true)
        #expect(volume["mount"] as? String == "/mnt/es")
        #expect(volume["cipher"] as? String == "aes-xts-plain64")
        #expect(volume["keyBits"] as? Int == 512)
        #expect(
          try bash("findmnt -no UUID /mnt/es") == volume["filesystem"] as? String)
        #expect(volume["nodeID"] as? String == "_cRiw287SRyE7ChkYnWIww")
        #expect((volume["heapBytes"] as? Int ?? 0) > 0)
        #expect(volume["serviceState"] as? String == "running")
        #expect((volume["unknown"] as? [Any])?.isEmpty == true)
        #expect((volume["problems"] as? [Any])?.isEmpty == true, "\(volume)")
        #expect(try gate() == nil)
        let tree = try bash("/payload/esvault status")
        #expect(tree.hasPrefix("esvol  in order\n") && tree.contains(disk.path))
      }
    }

    @Test func anOrdinaryUserSeesWhatNeedsNoRoot() async throws {
      try await Machine.clean {
        try Self.open()
        try bash("systemctl start elasticsearch.service")
        let nobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups", "/payload/esvault"]
        let outcome = Esvault(try run("/usr/bin/setpriv", nobody + ["status", "--format", "json"]))
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.volume["serial"] as? String == "vol1")
        #expect(outcome.volume["open"] as? Bool == true)
        #expect(outcome.volume["mount"] as? String == "/mnt/es")
        #expect(outcome.volume["cipher"] is NSNull)
        let unknown = Set(outcome.volume["unknown"] as? [String] ?? [])
        #expect(
          unknown.isSuperset(of: ["cipher", "keyBits", "sectorSize", "filesystem", "nodeID"]))
        #expect((outcome.volume["problems"] as? [Any])?.isEmpty == true, "\(outcome.volume)")
        #expect(try run("/usr/bin/setpriv", nobody + ["status", "--require"]).status == 0)
      }
    }

    @Test func aVolumeThatIsClosedOrNotMountedShutsTheGate() async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        #expect(try gate() == "volume 'esvol' is not open: run 'esvault unlock'")
        let closed = try Esvault("status")
        #expect(closed.status == 0)
        #expect(closed.volume["open"] as? Bool == false)
        #expect(closed.volume["mount"] is NSNull)
        #expect(closed.volume["cipher"] as? String == "aes-xts-plain64")
        try Self.open(mounting: false)
        #expect(try gate() == "volume 'esvol' is open, but not mounted: run 'esvault unlock'")
      }
    }

    /// Rule 7: as it is started by systemd, Elasticsearch would write where its settings say.
    @Test func settingsThatNameAnotherPlaceShutTheGateOfTheService() async throws {
      try await Machine.clean {
        try Self.open()
        #expect(try gate("--path-data") == nil)
        try bash(
          "sed -i 's|^path.data: .*|path.data: /var/lib/elasticsearch|' /etc/elasticsearch/elasticsearch.yml"
        )
        #expect(try gate() == nil)
        #expect(
          try gate("--path-data")
            == "Elasticsearch's path.data is '/var/lib/elasticsearch', not '/mnt/es/elasticsearch' on the volume: run 'esvault provision --name esvol'"
        )
      }
    }

    /// Each gate asks for its own volume by name.
    @Test func severalDataPathsThatAreAllOnVolumesLeaveTheGateOpen() async throws {
      try await Machine.clean {
        try Self.open()
        try bash(
          #"""
          data='[/mnt/es/elasticsearch, /mnt/other/elasticsearch]'
          sed -i "s|^path.data: .*|path.data: $data|" /etc/elasticsearch/elasticsearch.yml
          """#)
        #expect(try gate("--path-data", "esvol")?.contains("/mnt/other/elasticsearch") == true)
        try bash(
          #"""
          printf '  - name: other\n    mount: /mnt/other\n' >>/etc/esvault/esvault.yml
          """#)
        #expect(try gate("--path-data", "esvol") == nil)
      }
    }

    @Test func aCommandLineThatNamesAnotherPlaceShutsTheGateOfTheService() async throws {
      try await Machine.clean {
        try Self.open()
        let folder = "/run/systemd/system/elasticsearch.service.d"
        defer { _ = try? bash("rm -r \(folder)") }
        try bash(
          #"""
          mkdir -p \#(folder)
          printf '%s\n' '[Service]' 'Environment=MORE=-Epath.data=/var/x' \
            'ExecStart=/bin/es -q $MORE' >\#(folder)/more.conf
          """#)
        #expect(try gate() == nil)
        #expect(
          try gate("--path-data")?.hasPrefix(
            "'-Epath.data=/var/x' in '\(folder)/more.conf:3' wins over elasticsearch.yml") == true)
        // An environment file would win, as the package's does, which names the package's directory.
        try bash(
          #"printf '%s\n' '[Service]' Environment=ES_PATH_CONF=/etc/x >\#(folder)/more.conf"#)
        #expect(try gate("--path-data") == nil)
        try bash(#"echo EnvironmentFile= >>\#(folder)/more.conf"#)
        let elsewhere = try gate("--path-data") ?? ""
        #expect(
          elsewhere.hasPrefix(
            "'elasticsearch.service' reads its configuration from '/etc/x' (said in '\(folder)/more.conf:2'), not from "
          ), "\(elsewhere)")
        try bash(
          #"printf '%s\n' '[Service]' 'PassEnvironment=MORE' 'ExecStart=/bin/es $MORE' >\#(folder)/more.conf"#
        )
        #expect(try gate("--path-data") == nil)
        let inside = try run(
          "/usr/bin/env",
          [
            "MORE=-Epath.data=/y", "/payload/esvault", "status", "--require", "--path-data",
          ])
        #expect(inside.status == 1 && inside.errors.contains("'-Epath.data=/y' in '"))
      }
    }

    @Test func aReadOnlyOrHiddenVolumeShutsTheGate() async throws {
      try await Machine.clean {
        try Self.open()
        try bash("mount -o remount,ro /mnt/es")
        #expect(
          try gate()?.hasPrefix("volume 'esvol' is mounted read-only at '/mnt/es': ") == true)
        try bash("mount -o remount,rw /mnt/es; mount -t tmpfs tmpfs /mnt/es/elasticsearch")
        #expect(
          try gate()?.hasPrefix("something mounted at '/mnt/es/elasticsearch' hides the data path ")
            == true)
        try bash("umount /mnt/es/elasticsearch; mount -t tmpfs tmpfs /mnt")
        #expect(
          try gate()
            == "something mounted at '/mnt' hides the mount point '/mnt/es': run 'umount /mnt'")
        try bash("umount /mnt; mount -t tmpfs other /mnt/es")
        #expect(
          try gate()?.hasPrefix("something else is mounted at '/mnt/es', not volume 'esvol': ")
            == true)
        try bash("umount /mnt/es")
        #expect(try gate() == nil)
      }
    }

    @Test func anotherMappingOfThatNameShutsTheGate() async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        let other = try NVMe(2).path
        let words = "'/dev/mapper/esvol' is another mapping than volume 'esvol': "
        try bash("dmsetup create esvol --table '0 2048 linear \(other) 0'")
        #expect(try gate()?.hasPrefix(words) == true)
        try bash(
          """
          dmsetup remove --retry esvol
          echo -n secret | cryptsetup luksFormat -q --pbkdf pbkdf2 --pbkdf-force-iterations 1000 \(other) -
          echo -n secret | cryptsetup open \(other) esvol --key-file -
          """)
        #expect(try gate()?.hasPrefix(words) == true)
        #expect(try Esvault("status").volume["open"] as? Bool == false)
        #expect(try Esvault("status").volume["serial"] as? String == "vol1")
      }
    }

    @Test func aCloneBeneathTheMappingShutsTheGate() async throws {
      try await Machine.clean {
        let clone = try NVMe(2)
        try VolumeTemplate.place(copy: clone)
        try Self.open(clone)
        #expect(
          try gate()
            == "volume 'esvol' is open on the disk 'vol2', not on 'vol1' as recorded: run 'esvault lock esvol', detach the copy, then run 'esvault unlock'"
        )
      }
    }

    @Test func aMappingThatDoesNotEncryptOrWaitsShutsTheGate() async throws {
      try await Machine.clean {
        try Self.open()
        try bash("dmsetup suspend --nolockfs esvol")
        #expect(
          try gate()
            == "'/dev/mapper/esvol' is suspended: what reads it waits: run 'dmsetup resume esvol'")
        // A report does not read what nobody answers, nor does anybody who would open it.
        #expect(try Self.problems().count == 1)
        try bash("echo 3 >/proc/sys/vm/drop_caches")
        let problem = "'/dev/mapper/esvol' is open, and cannot be read: it is suspended"
        for words in [["provision", "--name", "esvol"], ["unlock", "esvol"]] {
          let outcome = try Esvault(words)
          #expect(outcome.status == 2 && outcome.refusal?.description == problem)
        }
        try bash("dmsetup resume esvol; umount /mnt/es; dmsetup wipe_table esvol")
        // The name is left, and the disk is not beneath it any more.
        #expect(try gate()?.hasPrefix("the disk of volume 'esvol' is gone: ") == true)
        let disk = try NVMe(1).path
        try bash("dmsetup reload esvol --table '0 2048 linear \(disk) 0'; dmsetup resume esvol")
        #expect(try gate()?.hasPrefix("'/dev/mapper/esvol' does not encrypt: ") == true)
      }
    }

    @Test func aDiskThatWasPulledOutShutsTheGate() async throws {
      try await Machine.clean {
        try Self.open()
        let disk = URL(fileURLWithPath: try NVMe(1).path).lastPathComponent
        try bash("echo 1 >/sys/block/\(disk)/device/device/remove")
        defer { try? Self.plugIn() }
        #expect(try gate()?.hasPrefix("the disk of volume 'esvol' is gone: ") == true)
        #expect(try Self.problems() == ["the disk of volume 'esvol' is gone"])
        try bash("umount /mnt/es; cryptsetup close esvol")
        #expect(
          try gate()?.hasPrefix("volume 'esvol' is not open, and its disk 'vol1' is not there: ")
            == true)
        try Self.plugIn()
        #expect(try gate() == "volume 'esvol' is not open: run 'esvault unlock'")
      }
    }

    private static func plugIn() throws {
      try bash(
        """
        echo 1 >/sys/bus/pci/rescan
        udevadm wait --timeout=20 /dev/disk/by-id/nvme-QEMU_NVMe_Ctrl_vol1
        udevadm settle --timeout=10
        """)
    }

    private static func problems() throws -> [String] {
      let outcome = try Esvault("status")
      #expect(outcome.status == 0, "\(outcome.errors)")
      return (outcome.volume["problems"] as? [[String: String]] ?? []).compactMap {
        $0["description"]
      }
    }

    /// Opens and mounts the volume as unlocking does.
    private static func open(_ disk: NVMe? = nil, mounting: Bool = true) throws {
      if !FileManager.default.fileExists(atPath: "/etc/esvault/esvault.yml") {
        try VolumeTemplate.place()
      }
      let path = try (disk ?? NVMe(1)).path
      try bash("cryptsetup open \(path) esvol --key-file /etc/esvault/keys/esvol.key")
      if mounting { try bash("mount -o noatime,nodev,nosuid /dev/mapper/esvol /mnt/es") }
    }
  }
}

/// What the gate says, in its one line; nil when it is open.
private func gate(_ more: String...) throws -> String? {
  let outcome = try run("/payload/esvault", ["status", "--require"] + more)
  #expect(outcome.text.isEmpty)
  guard outcome.status != 0 else {
    #expect(outcome.errors.isEmpty)
    return nil
  }
  #expect(outcome.status == 1)
  #expect(outcome.errors.hasPrefix("esvault: ") && outcome.errors.hasSuffix("\n"))
  #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
  return String(outcome.errors.dropFirst("esvault: ".count).dropLast())
}
