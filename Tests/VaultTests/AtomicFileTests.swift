import CLinux
import Glibc
import SystemPackage
import Testing

@testable import Vault

@Suite struct AtomicFileTests {
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
  }

  private func file(_ name: String) -> AtomicFile { AtomicFile("\(scratch.path)/\(name)") }

  @Test func aMissingFileIsNone() throws {
    #expect(try file("none").bytes() == nil)
  }

  @Test func whatCannotBeReadIsAnError() throws {
    #expect(throws: FileError("read", scratch.path, EISDIR)) {
      try AtomicFile(scratch.path).bytes()
    }
  }

  @Test func everyByteIsRead() throws {
    let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
    try scratch.file("a", bytes)
    #expect(try file("a").bytes() == bytes)
  }

  @Test func aNewFileGetsTheModeThatWasAskedFor() throws {
    try file("a").replace(with: [1, 2], mode: 0o640)
    #expect(try scratch.bytes("a") == [1, 2])
    #expect(scratch.mode("a") == 0o640)
    #expect(scratch.names == ["a"])
  }

  @Test func ownerAndModeOfTheOldFileAreKept() throws {
    let path = try scratch.file("a", [1], mode: 0o604)
    let owner: (uid_t, gid_t) = geteuid() == 0 ? (12345, 54321) : (getuid(), getgid())
    #expect(chown(path, owner.0, owner.1) == 0)
    try file("a").replace(with: [2])
    #expect(try scratch.bytes("a") == [2])
    #expect(scratch.mode("a") == 0o604)
    #expect(scratch.status("a").st_uid == owner.0 && scratch.status("a").st_gid == owner.1)
  }

  @Test func extendedAttributesAreKept() throws {
    let path = try scratch.file("a", [1])
    #expect(setxattr(path, "user.esvault-test", "kept", 4, 0) == 0)
    #expect(setxattr(path, "user.esvault-empty", "", 0, 0) == 0)
    try file("a").replace(with: [2])
    var value = [UInt8](repeating: 0, count: 10)
    #expect(getxattr(path, "user.esvault-test", &value, 10) == 4)
    #expect(value.prefix(4).elementsEqual("kept".utf8))
    #expect(getxattr(path, "user.esvault-empty", &value, 10) == 0)
  }

  @Test func aLinkStaysALink() throws {
    try scratch.file("real", [1])
    #expect(symlink("real", "\(scratch.path)/link") == 0)
    try file("link").replace(with: [2])
    #expect(try scratch.bytes("real") == [2])
    #expect(scratch.status("link").st_mode & S_IFMT == S_IFLNK)
    #expect(scratch.names == ["link", "real"])
  }

  @Test func aLinkInThePlaceOfAFileOfOursIsReplaced() throws {
    try scratch.file("real", [1])
    #expect(chmod("\(scratch.path)/real", 0o600) == 0)
    #expect(symlink("real", "\(scratch.path)/link") == 0)
    try file("link").replace(with: [2], mode: 0o644, followingLink: false)
    #expect(try scratch.bytes("real") == [1])
    #expect(try scratch.bytes("link") == [2])
    #expect(scratch.status("link").st_mode == S_IFREG | 0o644)
  }

  @Test func whatAnInterruptedRunLeftIsReplaced() throws {
    try scratch.file("a", [1])
    try scratch.file("a.esvault-new", [9, 9, 9])
    try file("a").replace(with: [2])
    #expect(try scratch.bytes("a") == [2])
    #expect(scratch.names == ["a"])
  }

  @Test func aFailureLeavesTheOldFileAndNothingBeside() throws {
    // A directory that is not empty cannot be replaced by a file.
    try Directories.make("\(scratch.path)/a/b", mode: 0o700)
    #expect(throws: FileError.self) { try file("a").replace(with: [2]) }
    #expect(scratch.names == ["a"])
    #expect(Directories.names(in: "\(scratch.path)/a") == ["b"])
  }

  @Test func aMissingDirectoryIsAnErrorThatNamesTheFile() throws {
    let error = try #require(throws: FileError.self) { try file("no/a").replace(with: [2]) }
    #expect(error.errno == .noSuchFileOrDirectory)
    #expect(error.description.contains("\(scratch.path)/no/a"))
    #expect(isPhrase(error.description))
  }
}

@Suite struct DirectoriesTests {
  @Test func allThatIsMissingIsMade() throws {
    let scratch = try Scratch()
    try Directories.make("\(scratch.path)/a/b/c", mode: 0o700)
    #expect(scratch.mode("a") == 0o755 && scratch.mode("a/b") == 0o755)
    #expect(scratch.mode("a/b/c") == 0o700)
  }

  @Test func whatExistsKeepsItsMode() throws {
    let scratch = try Scratch()
    try Directories.make("\(scratch.path)/a", mode: 0o711)
    try Directories.make("\(scratch.path)/a", mode: 0o700)
    #expect(scratch.mode("a") == 0o711)
  }

  @Test func aFileInTheWayIsAnError() throws {
    let scratch = try Scratch()
    try scratch.file("a", [1])
    #expect(throws: FileError.self) { try Directories.make("\(scratch.path)/a/b", mode: 0o700) }
  }

  @Test func namesAreWithoutDots() throws {
    let scratch = try Scratch()
    #expect(Directories.names(in: scratch.path) == [])
    try scratch.file(".hidden", [])
    #expect(Directories.names(in: scratch.path) == [".hidden"])
    #expect(Directories.names(in: scratch.path + "/none") == nil)
  }
}
