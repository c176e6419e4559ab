import Glibc
import Testing

@testable import BlockDevices

struct MountTableTests {
  static let text = """
    25 1 0:30 / / rw,relatime shared:1 - overlay overlay rw,lowerdir=/l
    30 25 259:2 / /mnt rw,noatime shared:2 master:1 - ext4 /dev/nvme1n1p1 rw,errors=remount-ro
    31 30 253:0 / /mnt/es rw - ext4 /dev/mapper/a\\134b rw
    32 25 259:2 /sub\\040folder /srv/a\\040b\\011c rw - ext4 /dev/nvme1n1p1 rw
    33 32 0:40 / /srv/a\\040b\\011c rw - tmpfs  rw
    34 25 0:41 / /mnt2 rw - tmpfs none rw
    """

  @Test func fieldsAndEscapesAreRead() throws {
    let table = try MountTable.parse(Self.text)
    #expect(table.mounts.count == 6)
    #expect(
      table.mounts[1]
        == Mount(
          id: 30, parent: 25, number: DeviceNumber(major: 259, minor: 2), target: "/mnt",
          type: "ext4", options: ["rw", "noatime"], superOptions: ["rw", "errors=remount-ro"],
          source: "/dev/nvme1n1p1"))
    #expect(table.mounts[2].source == "/dev/mapper/a\\b")
    #expect(table.mounts[3].root == "/sub folder")
    #expect(table.mounts[4].source == "")
  }

  @Test func theTopmostMountOfATargetWins() throws {
    let table = try MountTable.parse(Self.text)
    #expect(table.mount(at: "/srv/a b\tc")?.type == "tmpfs")
    #expect(table.mount(at: "/srv") == nil)
  }

  @Test func bindMountsBelongToTheirDevice() throws {
    let number = DeviceNumber(major: 259, minor: 2)
    #expect(try MountTable.parse(Self.text).mounts(of: number).map(\.id) == [30, 32])
  }

  @Test func thePathLiesOnTheNearestMount() throws {
    let table = try MountTable.parse(Self.text)
    #expect(table.mount(containing: "/mnt/es/data")?.id == 31)
    #expect(table.mount(containing: "/mnt/es")?.id == 31)
    #expect(table.mount(containing: "/mnt/essay")?.id == 30)
    #expect(table.mount(containing: "/srv/a b\tc/x")?.id == 33)
    #expect(table.mount(containing: "/etc")?.type == "overlay")
    #expect(table.mount(containing: "relative") == nil)
  }

  @Test func twoSpellingsOfALetterAreTwoTargets() throws {
    // "é" as one scalar, and as a letter with its accent: two directories for the kernel.
    let text = "1 0 8:1 / / rw - ext4 s rw\n2 1 0:2 / /e\u{301} rw - tmpfs s rw"
    let table = try MountTable.parse(text)
    #expect(table.mount(containing: "/\u{e9}/x")?.id == 1)
    #expect(table.mount(containing: "/e\u{301}/x")?.id == 2)
    #expect(table.mount(at: "/\u{e9}") == nil)
  }

  @Test func aCoveredMountIsNotFound() throws {
    let covered = Self.text + "\n40 30 0:50 / /mnt rw - tmpfs none rw"
    #expect(try MountTable.parse(covered).mount(containing: "/mnt/es/data")?.id == 40)
    #expect(try MountTable.parse(covered).mount(at: "/mnt")?.id == 40)
  }

  @Test(arguments: ["x", "1 2 a:b / / rw - ext4 s rw", "1 2 8:1 / / rw ext4 s rw x y"])
  func aMalformedLineIsAnError(line: String) {
    #expect(throws: BlockDeviceError.malformed("mountinfo", line: line)) {
      try MountTable.parse(line)
    }
  }

  @Test func theTableOfThisMachineCanBeRead() throws {
    #expect(try MountTable.current().mount(containing: "/") != nil)
    _ = try Swaps.current()
  }

  @Test func swapsAreRead() throws {
    let heading = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
    let swaps = try Swaps.parse(heading + "/swap\\040file   file\t\t2048\t\t0\t\t-2\n")
    #expect(swaps.areas == [Swaps.Area(path: "/swap file", type: "file", bytes: 2 << 20)])
    #expect(try Swaps.parse(heading).areas.isEmpty)
    #expect(throws: BlockDeviceError.malformed("swaps", line: "x")) {
      try Swaps.parse(heading + "x")
    }
  }

  @Test func deviceNumbersAreReadStrictly() {
    #expect(DeviceNumber("259:1") == DeviceNumber(major: 259, minor: 1))
    for text in ["", "259", "259:", ":1", "+1:2", "1:2:3", " 1:2", "1:4294967296"] {
      #expect(DeviceNumber(text) == nil)
    }
    #expect(DeviceNumber(dev_t(0x10_3123)) == DeviceNumber(major: 0x31, minor: 0x123))
  }
}
