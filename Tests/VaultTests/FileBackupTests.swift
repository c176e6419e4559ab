import CLinux
import Glibc
import Testing

@testable import Vault

/// What is kept of a file that is replaced.
@Suite struct FileBackupTests {
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
  }

  private func replace(_ name: String, with bytes: [UInt8]) throws {
    try AtomicFile("\(scratch.path)/\(name)").replace(with: bytes, keepingBackup: true)
  }

  private func backups(_ name: String) -> [String] {
    scratch.names.filter { $0.hasPrefix(name + ".esvault-") }
  }

  @Test func theOldFileStaysBesideTheNewOne() throws {
    let path = try scratch.file("a.yml", [1], mode: 0o604)
    let owner: (uid_t, gid_t) = geteuid() == 0 ? (12345, 54321) : (getuid(), getgid())
    #expect(chown(path, owner.0, owner.1) == 0)
    #expect(setxattr(path, "user.esvault-test", "kept", 4, 0) == 0)
    try replace("a.yml", with: [2])
    #expect(try scratch.bytes("a.yml") == [2])
    let backup = try #require(backups("a.yml").first)
    #expect(scratch.names == ["a.yml", backup])
    #expect(backup.wholeMatch(of: /a\.yml\.esvault-20\d{6}T\d{6}Z/) != nil)
    #expect(try scratch.bytes(backup) == [1])
    #expect(scratch.mode(backup) == 0o604)
    #expect(scratch.status(backup).st_uid == owner.0 && scratch.status(backup).st_gid == owner.1)
    var value = [UInt8](repeating: 0, count: 10)
    #expect(getxattr("\(scratch.path)/\(backup)", "user.esvault-test", &value, 10) == 4)
  }

  @Test func aFileThatWasNotThereHasNoBackup() throws {
    try replace("a.yml", with: [1])
    #expect(scratch.names == ["a.yml"])
  }

  @Test func theBackupOfALinkLiesBesideTheRealFile() throws {
    try Directories.make("\(scratch.path)/real", mode: 0o700)
    try scratch.file("real/a.yml", [1])
    #expect(symlink("real/a.yml", "\(scratch.path)/a.yml") == 0)
    try replace("a.yml", with: [2])
    #expect(scratch.names == ["a.yml", "real"])
    #expect(Directories.names(in: scratch.path + "/real")?.count == 2)
    #expect(try scratch.bytes("a.yml") == [2])
  }

  @Test func twoOfOneSecondAreBothKept() throws {
    for version in 1...4 as ClosedRange<UInt8> { try replace("a", with: [version]) }
    #expect(try backups("a").map { try scratch.bytes($0) } == [[1], [2], [3]])
  }

  @Test func theOldestGoAndForeignFilesStay() throws {
    let foreign = [
      "a.esvault-", "a.esvault-20010101T000000", "a.esvault-20010101T000000Z.mine",
      "a.esvault-2001010xT000000Z", "a.bak", "b.esvault-20010101T000000Z",
    ]
    for name in foreign { try scratch.file(name, [9]) }
    let old = (1...FileBackups.greatestCount).map { "a.esvault-2001010\($0)T000000Z" }
    for name in old { try scratch.file(name, [8]) }
    try scratch.file("a", [1])
    try replace("a", with: [2])
    let names = scratch.names
    #expect(names.filter(old.contains) == Array(old.dropFirst()))
    #expect(names.filter(foreign.contains) == foreign.sorted())
    #expect(names.count == 1 + foreign.count + FileBackups.greatestCount)
  }

  @Test func whereTheClockWasSetBackTheNewestStaysAllTheSame() throws {
    let later = (1...FileBackups.greatestCount).map { "a.esvault-2999010\($0)T000000Z" }
    for name in later { try scratch.file(name, [8]) }
    try scratch.file("a", [1])
    try replace("a", with: [2])
    let names = try #require(backups("a").sorted().first)
    #expect(try scratch.bytes(names) == [1])
    #expect(scratch.names.filter(later.contains) == Array(later.dropFirst()))
  }

  @Test func noBackupLooksLikeAFileOfJVMOptions() throws {
    try scratch.file("jvm.options", [1])
    try replace("jvm.options", with: [2])
    #expect(backups("jvm.options").count == 1)
    #expect(backups("jvm.options").allSatisfy { !$0.hasSuffix(".options") })
  }

  @Test func withoutABackupTheFileIsNotReplaced() throws {
    // Long enough for the draft's name, too long for a backup's.
    let name = String(repeating: "a", count: 240)
    try scratch.file(name, [1])
    let error = try #require(throws: FileError.self) { try replace(name, with: [2]) }
    #expect(error.operation == "back up" && error.errno.rawValue == ENAMETOOLONG)
    #expect(try scratch.bytes(name) == [1])
    #expect(scratch.names == [name])
  }

  @Test func whatAnInterruptedRunLeftIsOverwritten() throws {
    try scratch.file("a", [1])
    try scratch.file("a.esvault-new", [9, 9])
    try replace("a", with: [2])
    #expect(try scratch.bytes(try #require(backups("a").first)) == [1])
    #expect(scratch.names.count == 2)
  }

  /// Killed between the backup and the replacement: the next run makes a backup of its own.
  @Test func aBackupOfARunThatWasKilledStays() throws {
    try scratch.file("a", [1])
    try scratch.file("a.esvault-20260101T000000Z", [1])
    try replace("a", with: [2])
    #expect(try backups("a").map { try scratch.bytes($0) } == [[1], [1]])
  }
}
