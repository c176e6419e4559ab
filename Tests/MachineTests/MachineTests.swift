import Foundation
import Testing

/// What needs root, device-mapper and real block devices: inside a micro machine of the lab only.
///
/// The disks, and all that is done to them, are real; systemd and the node are stood in for.
@Suite(.serialized) struct MachineTests {
  @Test func deviceMapperIsThere() throws {
    #expect(try bash("dmsetup targets").split(separator: "\n").contains { $0.hasPrefix("crypt ") })
    #expect(FileManager.default.fileExists(atPath: "/dev/mapper/control"))
  }

  @Test func fourDisksCarryTheirSerials() throws {
    let links = try FileManager.default.contentsOfDirectory(atPath: "/dev/disk/by-id")
    for number in 1...4 {
      #expect(links.contains("nvme-QEMU_NVMe_Ctrl_vol\(number)"))
    }
    let serials = try bash("cat /sys/class/nvme/*/serial | tr -d ' ' | sort")
    #expect(serials == "vol1\nvol2\nvol3\nvol4")
  }

  @Test func theRootDiskIsReal() throws {
    let mounts = try String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)
    #expect(mounts.contains("/dev/vda / ext4 rw"))
    #expect(getuid() == 0)
  }

  /// The other tests trust the kernel's counters: one sector, with the bytes it had, is counted.
  @Test func theCountersSeeASingleWrittenSector() async throws {
    try await Machine.clean {
      let disk = try NVMe(3)
      let before = try DiskWrites()
      #expect(try DiskWrites() == before)
      try bash("dd if=/dev/zero of=\(disk.path) bs=512 seek=777777 count=1 oflag=direct")
      #expect(try DiskWrites() != before)
    }
  }
}
