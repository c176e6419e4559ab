import Foundation
import Testing

/// What the other tests of this folder stand on: the micro machine has device-mapper, and blank
/// NVMe disks that are told apart by their serials.
@Suite struct MachineTests {
  @Test func deviceMapperIsThere() throws {
    #expect(try output("/usr/sbin/dmsetup", "targets").contains("\ncrypt "))
    #expect(FileManager.default.fileExists(atPath: "/dev/mapper/control"))
  }

  @Test func fourDisksCarryTheirSerials() throws {
    let links = try FileManager.default.contentsOfDirectory(atPath: "/dev/disk/by-id")
    for number in 1...4 {
      #expect(links.contains("nvme-QEMU_NVMe_Ctrl_vol\(number)"))
    }
    let disks = try FileManager.default.contentsOfDirectory(atPath: "/sys/class/nvme")
    let serials = try disks.map {
      try String(contentsOfFile: "/sys/class/nvme/\($0)/serial", encoding: .utf8)
        .trimmingCharacters(in: .whitespacesAndNewlines)
    }
    #expect(serials.sorted() == ["vol1", "vol2", "vol3", "vol4"])
  }

  @Test func theRootDiskIsReal() throws {
    let mounts = try String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)
    #expect(mounts.contains("/dev/vda / ext4 rw"))
    #expect(getuid() == 0)
  }

  /// Runs a program of the machine; what it wrote to its standard output.
  private func output(_ program: String, _ arguments: String...) throws -> String {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return "\n" + String(decoding: data, as: UTF8.self)
  }
}
