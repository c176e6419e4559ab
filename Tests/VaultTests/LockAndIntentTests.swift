import Foundation
import Glibc
import Testing

@testable import Vault

@Suite struct MachineLockTests {
  private let scratch: Scratch
  private var path: String { "\(scratch.path)/lock" }

  init() throws {
    scratch = try Scratch()
  }

  @Test func aSecondHolderIsRefusedAndToldWhoHoldsIt() throws {
    let first = try MachineLock(for: "provision", path: path)
    let refusal = try #require(throws: Refusal.self) {
      _ = try MachineLock(for: "provision", path: path)
    }
    expectHouseStyle(refusal)
    #expect(refusal.description.contains("'esvault provision', process \(getpid())"))
    first.release()
  }

  @Test func aReleasedLockCanBeHadAgain() throws {
    let first = try MachineLock(for: "provision", path: path)
    first.release()
    first.release()
    let second = try MachineLock(for: "unlock", path: path)
    #expect(try String(decoding: scratch.bytes("lock"), as: UTF8.self).contains("esvault unlock"))
    second.release()
  }

  @Test func aReleasedLockIsTakenAgainUnlessSomebodyElseHasIt() throws {
    let first = try MachineLock(for: "provision", path: path)
    try first.hold()
    first.release()
    let second = try MachineLock(for: "unlock", path: path)
    let refusal = #expect(throws: Refusal.self) { try first.hold() }
    #expect(refusal?.description.contains("'esvault unlock'") == true)
    second.release()
    try first.hold()
    #expect(throws: Refusal.self) { try second.hold() }
    first.release()
  }

  /// As a program has it that another thread is just starting: such a copy lasts until it is executed.
  @Test func aReleasedLockIsFreeThoughACopyOfItsDescriptorIsStillOpen() throws {
    let lock = try MachineLock(for: "provision", path: path)
    let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
    let own = try #require(
      descriptors.compactMap { Int32($0) }.first { descriptor in
        let place = try? FileManager.default.destinationOfSymbolicLink(
          atPath: "/proc/self/fd/\(descriptor)")
        return place == path
      })
    let copy = dup(own)
    #expect(copy >= 0)
    defer { close(copy) }
    lock.release()
    try MachineLock(for: "unlock", path: path).release()
  }

  @Test func theLockEndsWithItsHolder() throws {
    do { _ = try MachineLock(for: "provision", path: path) }
    try MachineLock(for: "provision", path: path).release()
  }

  @Test func aLinkIsNotFollowed() throws {
    #expect(symlink("elsewhere", path) == 0)
    #expect(throws: FileError("open", path, ELOOP)) {
      _ = try MachineLock(for: "provision", path: path)
    }
  }
}

@Suite struct IntentStoreTests {
  private let scratch: Scratch
  private var store: IntentStore { IntentStore(name: "esvol", directory: scratch.path + "/state") }

  init() throws {
    scratch = try Scratch()
  }

  @Test func anIntentIsReadAsItWasStored() throws {
    #expect(try store.load() == nil)
    try store.store(.esvol())
    #expect(try store.load() == .esvol())
    try store.store(.esvol(serial: nil))
    #expect(try store.load() == .esvol(serial: nil))
    #expect(scratch.mode("state") == 0o700 && scratch.mode("state/esvol.intent") == 0o600)
    #expect(Directories.names(in: scratch.path + "/state") == ["esvol.intent"])
  }

  @Test func volumesHaveIntentsOfTheirOwn() throws {
    try store.store(.esvol())
    let other = IntentStore(name: "other", directory: scratch.path + "/state")
    #expect(try other.load() == nil)
  }

  @Test func aRemovedIntentIsGoneAndMayBeRemovedAgain() throws {
    try store.store(.esvol())
    try store.remove()
    try store.remove()
    #expect(try store.load() == nil)
  }

  @Test(arguments: ["", "garbage", "{}", #"{"version":2}"#])
  func anIntentThatCannotBeUnderstoodIsARefusal(_ text: String) throws {
    try Directories.make(scratch.path + "/state", mode: 0o700)
    try scratch.file("state/esvol.intent", Array(text.utf8))
    let refusal = try #require(throws: Refusal.self) { _ = try store.load() }
    expectHouseStyle(refusal)
    #expect(refusal.advice.contains("esvol.intent"))
  }

  @Test func anIntentOfANewerVersionIsARefusal() throws {
    var newer = Intent.esvol()
    newer.version = 2
    try store.store(newer)
    #expect(throws: Refusal.self) { _ = try store.load() }
  }
}
