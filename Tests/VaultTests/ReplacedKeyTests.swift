import Glibc
import LUKS
import Testing

@testable import Vault

/// Between the look and the use, a key file may be replaced.
@Suite struct ReplacedKeyTests {
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
  }

  private func refusal(of path: String) throws -> Refusal {
    let refusal = try #require(throws: Refusal.self) { try KeyFile(path).withKey { _ in } }
    expectHouseStyle(refusal)
    return refusal
  }

  @Test func aKeyThatOthersMayUseIsNotRead() throws {
    let path = try scratch.file("a", [1], mode: 0o644)
    #expect(try refusal(of: path).description.contains("others than its owner"))
  }

  @Test func anotherUsersKeyIsNotRead() throws {
    guard geteuid() == 0 else { return }
    let path = try scratch.file("a", [1], mode: 0o400)
    #expect(chown(path, 65534, 65534) == 0)
    #expect(try refusal(of: path).description.contains("belongs to user 65534"))
  }

  @Test(.timeLimit(.minutes(1))) func aPipeIsNotWaitedFor() throws {
    let path = "\(scratch.path)/pipe"
    #expect(mkfifo(path, 0o600) == 0)
    #expect(try refusal(of: path).description.contains("not a plain file"))
  }

  @Test func onlyAKeyThatIsThereBecomesDurable() throws {
    try KeyFile(scratch.file("a", [1], mode: 0o400)).makeDurable()
    let missing = "\(scratch.path)/none"
    #expect(throws: FileError("open", missing, ENOENT)) { try KeyFile(missing).makeDurable() }
  }
}
