import Testing

@testable import BlockDevices

/// The mount that a path lies on, also in tables that nobody mounts by hand.
struct MountTreeTests {
  @Test(arguments: [
    "/", "/mnt", "/mnt/es", "/mnt/es/data", "/mnt/essay", "/srv/a b\tc/x", "/etc", "/mnt2/x",
    // A letter with an accent: to Swift the slash is part of it.
    "/mnt/es/\u{301}x",
  ]) func itAgreesWithTheTable(path: String) throws {
    for more in [
      "", "\n40 30 0:50 / /mnt rw - tmpfs none rw", "\n40 25 0:50 / / rw - tmpfs none rw",
    ] {
      let table = try MountTable.parse(MountTableTests.text + more)
      #expect(MountTree(table).mount(containing: path) == table.mount(containing: path))
    }
  }

  @Test func anAccentBehindASlashIsOnTheMount() throws {
    let table = try MountTable.parse(MountTableTests.text)
    #expect(MountTree(table).mount(containing: "/mnt/es/\u{301}x")?.id == 31)
    #expect(table.mount(containing: "/mnt/es/\u{301}x")?.id == 31)
  }

  @Test func withoutARootNothingIsKnown() throws {
    let table = try MountTable.parse("31 30 253:0 / /mnt/es rw - ext4 /dev/mapper/a rw")
    #expect(MountTree(table).mount(containing: "/mnt/es") == nil)
    #expect(MountTree(MountTable(mounts: [])).mount(containing: "/") == nil)
    #expect(MountTree(try .parse(MountTableTests.text)).mount(containing: "relative") == nil)
  }

  /// Quadratic work would take hours.
  @Test func manyMountsUponEachOtherAreGoneThroughOnce() throws {
    var mounts = [line(1, 0, "/")]
    for id in 2...10_000 { mounts.append(line(id, id - 1, "/mnt")) }
    for id in 10_001...20_000 { mounts.append(line(id, 10_000, "/mnt/\(id)")) }
    let table = try MountTable.parse(mounts.joined(separator: "\n"))
    let tree = MountTree(table)
    #expect(tree.mount(containing: "/mnt/x")?.id == 10_000)
    #expect(tree.mount(containing: "/mnt/15000/x")?.id == 15_000)
    #expect(table.mount(containing: "/mnt/15000/x")?.id == 15_000)
    #expect(tree.mount(containing: "/etc")?.id == 1)
  }

  @Test func mountsThatCoverEachOtherInACircleEnd() throws {
    let table = try MountTable.parse(
      [line(1, 0, "/"), line(2, 3, "/a"), line(3, 2, "/a"), line(4, 4, "/a")]
        .joined(separator: "\n"))
    #expect(MountTree(table).mount(containing: "/a/b")?.id == 1)
    #expect(table.mount(containing: "/a/b")?.id == 1)
  }

  private func line(_ id: Int, _ parent: Int, _ target: String) -> String {
    "\(id) \(parent) 0:\(id) / \(target) rw - tmpfs none rw"
  }
}
