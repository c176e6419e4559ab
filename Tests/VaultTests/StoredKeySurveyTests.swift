import BlockDevices
import Foundation
import Glibc
import Testing

@testable import Vault

@Suite struct StoredKeySurveyTests {
  private func look(_ path: String, volume: DeviceNumber? = nil) -> Sight<KeyFileFacts> {
    StoredKeySurvey(devices: BlockDevices(), volume: volume).facts(of: .file(path)).file
  }

  @Test func aFileIsSeenWithoutBeingRead() throws {
    let scratch = try Scratch()
    let path = try scratch.file("key", [1, 2, 3], mode: 0o200)
    let file = try #require(look(path).value)
    #expect(file.kind == .plain && file.mode == 0o200 && file.bytes == 3)
    #expect(file.user == geteuid())
    #expect(!file.isOnVolume)
    let device = DeviceNumber(scratch.status("key").st_dev)
    #expect(try #require(look(path, volume: device).value).isOnVolume)
  }

  @Test func whereAKeyLiesIsTraced() throws {
    let scratch = try Scratch()
    let path = try scratch.file("key", [1])
    let place = try #require(look(path).value).place
    #expect(place.purpose == .key && place.chain.first?.name == path && place.chain.count > 1)
    // On an overlay or on btrfs, too, something on the way must be what protects it.
    let isSafe = place.chain.contains { $0.encrypts || $0.kind == .memory }
    #expect(place.isEncrypted != true || isSafe)
    let pseudo = try #require(look("/proc/self/status").value).place
    #expect(pseudo.chain.contains { $0.name == "/proc" })
  }

  @Test(arguments: [
    (0, 0o755, false), (0, 0o1777, false), (0, 0o777, true), (0, 0o775, true), (1000, 0o755, true),
    (1000, 0o1755, true),
  ])
  func whoMayReplaceWhatIsInADirectory(user: UInt32, mode: UInt32, others: Bool) {
    #expect(Ownership(user: user, group: 0, mode: mode).isOpenToOthers == others)
  }

  @Test func whatIsMissingIsNothing() throws {
    let scratch = try Scratch()
    try scratch.file("file", [1])
    #expect(look(scratch.path + "/none") == .nothing)
    #expect(look(scratch.path + "/file/none") == .nothing)
  }

  @Test func aFolderThatOthersMayWriteIsNamedAlsoBehindALink() throws {
    let scratch = try Scratch()
    let (open, way) = (scratch.path + "/open", scratch.path + "/way")
    mkdir(open, 0o700)
    chmod(open, 0o777)
    try scratch.file("open/key", [1])
    symlink(open, way)
    let file = try #require(look(way + "/key").value)
    #expect(file.link?.hasSuffix("/open/key") == true)
    #expect(file.openFolders.contains { $0.key.hasSuffix("/open") && $0.value.mode == 0o777 })
    symlink("open/key", scratch.path + "/link")
    #expect(try #require(look(scratch.path + "/link").value).kind == .link(to: "open/key"))
    #expect(try #require(look(open).value).kind == .directory)
  }
}
