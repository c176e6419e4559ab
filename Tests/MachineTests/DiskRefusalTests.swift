import Foundation
import Testing

extension MachineTests {
  /// What a disk may hold, be or serve as: each is refused, and no disk is written to.
  @Suite struct DiskRefusalTests {
    @Test func whatIsNoWholeDiskIsRefused() async throws {
      try await Machine.clean {
        let disk = try NVMe(1)
        try bash("echo 'size=64M' | sfdisk -q \(disk.path); udevadm settle; touch /root/plain")
        let partition = disk.path + "p1"
        for (device, reason) in [
          ("/dev/absent", "there is no device '/dev/absent'"),
          ("/root/plain", "'/root/plain' is not a block device"),
          ("/dev/null", "'/dev/null' is not a block device"),
          (partition, "'\(partition)' is a partition of '\(disk.path)'"),
          (disk.path, "'\(disk.path)' holds the partitions"),
          ("vol9", "no disk has the serial or volume id 'vol9'"),
          ("/dev/vda", "'/dev/vda' carries the root filesystem"),
        ] {
          try expectRefusal(reason) { try Esvault("provision", device, "--generate-key", "--yes") }
        }
      }
    }

    /// A volume of the configuration that still waits for its key names its disk by a link.
    @Test func aDiskThatIsAnotherVolumesByItsPathIsNotEvenCounted() async throws {
      try await Machine.clean {
        let disks = try (1...4).map(NVMe.init)
        try bash(
          """
          mkdir -p /etc/esvault
          ln -s \(disks[0].path) /root/link
          printf 'version: 1\nvolumes:\n  - {name: other, device: /root/link, mount: /mnt/other}\n' \
            >/etc/esvault/esvault.yml
          """)
        let listed = disks.dropFirst().map(\.path).sorted().joined(separator: ", ")
        try expectRefusal("3 disks are blank: \(listed)") {
          try Esvault("provision", "--name", "mine", "--generate-key", "--yes")
        }
      }
    }

    @Test func foreignContentsAreNeverTakenForBlank() async throws {
      try await Machine.clean {
        let disks = try (1...4).map(NVMe.init)
        let key = "echo -n secret >/root/key && cryptsetup -q --pbkdf-force-iterations 1000 "
        let contents = [
          ("mkfs.ext4 -q DISK", "ext4 filesystem"),
          ("mkswap DISK", "swap"),
          (key + "--type luks1 luksFormat DISK /root/key", "crypto_LUKS"),
          ("vgcreate -qq -y foreign DISK; vgchange -qq -an foreign", "LVM2_member"),
          (key + "--type luks2 --pbkdf pbkdf2 luksFormat DISK /root/key", "crypto_LUKS"),
          ("mkfs.ext4 -q DISK; dd if=/dev/zero of=DISK bs=4k count=1", "unknown contents"),
          ("dd if=/dev/urandom of=DISK bs=1M count=40", "unknown contents"),
          (
            // udev may put it together again.
            """
            mdadm -q --create /dev/md7 --run -l1 -n2 DISK missing; udevadm settle
            mdadm -q --stop /dev/md7; udevadm settle; mdadm -q --stop /dev/md7 2>/dev/null || true
            """,
            "raid"
          ),
        ]
        for (index, (making, reason)) in contents.enumerated() {
          let disk = disks[index % disks.count]
          if index == disks.count {
            for disk in disks { try bash("blkdiscard -f \(disk.path)") }
          }
          try bash(making.replacingOccurrences(of: "DISK", with: disk.path))
          try expectRefusal(reason) { try Esvault.provision(disk) }
        }
      }
    }

    @Test func aDiskInUseIsRefusedAndNotEvenWiped() async throws {
      try await Machine.clean {
        let disks = try (1...4).map(NVMe.init)
        let (mounted, swap, held, locked) = (disks[0], disks[1], disks[2], disks[3])
        try bash(
          """
          mkfs.ext4 -q -E lazy_itable_init=0,lazy_journal_init=0 \(mounted.path)
          mkdir /mnt/other; mount \(mounted.path) /mnt/other
          mkswap \(swap.path); swapon \(swap.path)
          vgcreate -qq -y other \(held.path); lvcreate -qq -y -Zn -L 64M -n part other
          blockdev --setro \(locked.path)
          """)
        for (disk, reason) in [
          (mounted, "is mounted at '/mnt/other'"), (swap, "is used as swap"),
          (held, "is held by dm-0 (LVM other-part)"), (locked, "is read-only"),
        ] {
          try expectRefusal(reason) { try Esvault.provision(disk, "--wipe", disk.path) }
        }
      }
    }

    @Test func membersOfArraysAndMappingsAreRefusedAndNotEvenWiped() async throws {
      try await Machine.clean {
        let disks = try (1...2).map(NVMe.init)
        try bash(
          """
          mdadm -q --create /dev/md7 --run -l1 -n2 --assume-clean \(disks[0].path) missing
          dmsetup create stranger --table '0 100000 linear \(disks[1].path) 0'
          udevadm settle
          """)
        for (disk, reason) in [
          (disks[0], "is held by md7"), (disks[1], "is held by dm-0 (stranger)"),
        ] {
          try expectRefusal(reason) { try Esvault.provision(disk, "--wipe", disk.path) }
        }
        try expectRefusal("'/dev/vda' carries the root filesystem") {
          try Esvault("provision", "/dev/vda", "--wipe", "/dev/vda", "--generate-key", "--yes")
        }
      }
    }

    @Test func aDiskThatIsTooSmallIsRefused() async throws {
      try await Machine.clean {
        try bash("truncate -s 127M /tmp/loop; losetup /dev/loop0 /tmp/loop")
        try expectRefusal("'/dev/loop0' has 127 MiB, too small") {
          try Esvault("provision", "/dev/loop0", "--generate-key", "--yes")
        }
      }
    }

    /// What cannot be read is unknown, and unknown is not blank: neither all of it nor a few sectors.
    @Test func aDiskThatCannotBeReadIsRefused() async throws {
      try await Machine.clean {
        let disk = try NVMe(1)
        try bash(
          """
          dmsetup create unreadable --table '0 2097152 error'
          dmsetup create scratched <<'END'
          0 40000 linear \(disk.path) 0
          40000 8 error
          40008 2057144 linear \(disk.path) 40008
          END
          """)
        for (name, reason) in [
          ("unreadable", "cannot be read"), ("scratched", "unknown contents (could not read"),
        ] {
          try expectRefusal(reason) {
            try Esvault("provision", "/dev/mapper/\(name)", "--generate-key", "--yes")
          }
        }
      }
    }

    @Test func aDeviceOfDeviceMapperIsRefusedWithoutANameForIt() async throws {
      try await Machine.clean {
        let disk = try NVMe(1)
        try bash("dmsetup create logical --table '0 2097152 linear \(disk.path) 0'")
        try expectRefusal("is the device 'logical' of device-mapper, and would not be found") {
          try Esvault("provision", "/dev/mapper/logical", "--generate-key", "--yes")
        }
      }
    }

    @Test func destroyingNeedsTheSameDiskNamedTwice() async throws {
      try await Machine.clean {
        let (disk, other) = (try NVMe(1), try NVMe(2))
        try bash("mkfs.ext4 -q \(disk.path)")
        for word in [other.path, other.serial, "/dev/absent", "vol9"] {
          try expectRefusal(word == "/dev/absent" ? "there is no device" : "--wipe names '\(word)'")
          {
            try Esvault.provision(disk, "--wipe", word)
          }
        }
      }
    }

    @Test func withoutANameOnlyOneBlankDiskWillDo() async throws {
      try await Machine.clean {
        try expectRefusal("4 disks are blank") { try Esvault.provision("--generate-key") }
        for number in 1...4 { try bash("mkswap \(NVMe(number).path)") }
        try expectRefusal("disks is blank and free") {
          try Esvault.provision("--generate-key")
        }
      }
    }
  }
}
