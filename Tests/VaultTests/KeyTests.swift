import Glibc
import LUKS
import Testing

@testable import Vault

@Suite struct GeneratedKeyTests {
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
  }

  private func store(_ name: String) throws {
    try GeneratedKey.store(at: "\(scratch.path)/\(name)")
  }

  @Test func aKeyHas64BytesThatOnlyItsOwnerReads() throws {
    try store("keys/a.key")
    #expect(try scratch.bytes("keys/a.key").count == 64)
    #expect(scratch.mode("keys/a.key") == 0o400)
    #expect(scratch.mode("keys") == 0o700)
    #expect(Directories.names(in: "\(scratch.path)/keys") == ["a.key"])
    #expect(KeyFile("\(scratch.path)/keys/a.key").facts() == .usable)
  }

  @Test func twoKeysDiffer() throws {
    try store("a.key")
    try store("b.key")
    #expect(try scratch.bytes("a.key") != scratch.bytes("b.key"))
  }

  @Test func aFileThatExistsIsNeverOverwritten() throws {
    try scratch.file("a.key", [1, 2, 3])
    #expect(throws: FileError("create", "\(scratch.path)/a.key", EEXIST)) { try store("a.key") }
    #expect(try scratch.bytes("a.key") == [1, 2, 3])
    #expect(scratch.names == ["a.key"])
  }

  @Test func aLinkThatLeadsNowhereIsNotFollowed() throws {
    #expect(symlink("elsewhere", "\(scratch.path)/a.key") == 0)
    #expect(throws: FileError.self) { try store("a.key") }
    #expect(scratch.names == ["a.key"])
  }

  @Test func whatAnInterruptedRunLeftIsReplaced() throws {
    try scratch.file("a.key.esvault-new", [1, 2, 3])
    try store("a.key")
    #expect(try scratch.bytes("a.key").count == 64)
    #expect(scratch.names == ["a.key"])
  }

  /// An operator may call the next key so: the page of operations does.
  @Test func anotherKeyBesideItStays() throws {
    try scratch.file("a.key.new", [1, 2, 3])
    try store("a.key")
    #expect(try scratch.bytes("a.key.new") == [1, 2, 3])
  }
}

@Suite struct KeyFileTests {
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
  }

  private func facts(_ name: String) -> KeyFacts { KeyFile("\(scratch.path)/\(name)").facts() }

  @Test func aMissingFileIsAbsentAndNotUnusable() {
    #expect(facts("none") == .absent)
  }

  @Test func aFileOfItsOwnerIsUsable() throws {
    for mode: mode_t in [0o400, 0o600, 0o700] {
      try scratch.file("\(mode)", [1], mode: mode)
      #expect(facts("\(mode)") == .usable)
    }
  }

  @Test(arguments: [0o440, 0o404, 0o644, 0o420, 0o410] as [mode_t])
  func aFileThatOthersMayUseIsRefused(_ mode: mode_t) throws {
    let path = try scratch.file("a", [1], mode: mode)
    guard case .unusable(let why) = facts("a") else {
      Issue.record("a file with mode \(mode) is usable")
      return
    }
    #expect(why.contains("chmod 0400 \(path)"))
  }

  @Test func whatIsNoPlainFileIsRefused() throws {
    #expect(KeyFile(scratch.path).facts() == .unusable("it is a directory"))
    try scratch.file("a", [1])
    #expect(symlink("a", "\(scratch.path)/link") == 0)
    #expect(facts("link") == .unusable("it is a symbolic link"))
    #expect(mkfifo("\(scratch.path)/pipe", 0o600) == 0)
    #expect(facts("pipe") == .unusable("it is not a plain file"))
    guard case .unusable = facts("a/b") else {
      Issue.record("a path through a file is usable")
      return
    }
  }

  @Test func emptyAndTooLargeAreRefused() throws {
    try scratch.file("empty", [])
    #expect(facts("empty") == .unusable("it is empty"))
    let path = try scratch.file("large", [1])
    #expect(truncate(path, 8 << 20) == 0)
    #expect(facts("large") == .usable)
    #expect(truncate(path, 8 << 20 + 1) == 0)
    #expect(facts("large") == .unusable("it has more than 8 MiB"))
  }

  @Test func aKeyIsLentByteForByte() throws {
    let bytes: [UInt8] = [0, 0x0a, 0xff, 0, 0x0a]
    let path = try scratch.file("a", bytes)
    let read = try KeyFile(path).withKey { key in key.withUnsafeBytes { Array($0) } }
    #expect(read == bytes)
  }

  @Test func aKeyThatCannotBeReadIsARefusalThatDoesNotShowIt() throws {
    try scratch.file("empty", [])
    try scratch.file("secret", Array("marker-passphrase".utf8))
    #expect(symlink("secret", "\(scratch.path)/link") == 0)
    for name in ["empty", "link", "none"] {
      let refusal = try #require(throws: Refusal.self) {
        try KeyFile("\(scratch.path)/\(name)").withKey { _ in }
      }
      expectHouseStyle(refusal)
      #expect(refusal.description.contains("'\(scratch.path)/\(name)'"))
      #expect(!"\(refusal)".contains("marker"))
    }
  }
}
