import BlockDevices
import Foundation
import Glibc
import Testing

@testable import Vault

/// Data files of running processes, found among what this one has open.
@Suite struct OpenDataTests {
  private let own = ["\(getpid())"]

  private func survey(_ scratch: Scratch, volume: DeviceNumber? = nil) -> OpenDataSurvey {
    OpenDataSurvey(
      data: scratch.path + "/data",
      volume: volume ?? DeviceNumber(scratch.status(".").st_dev))
  }

  @Test func anOpenFileOnTheVolumeCountsAndOneBesideItIsNamed() throws {
    let scratch = try Scratch()
    mkdir(scratch.path + "/data", 0o700)
    let files = try ["data/any", "_7.cfs"].map { try scratch.file($0, [1]) }
    let open = files.map { Glibc.open($0, O_RDONLY | O_CLOEXEC) }
    defer { for file in open { close(file) } }
    let found = try #require(survey(scratch).files(of: own).value)
    #expect(found.onVolume == 1)
    #expect(found.elsewhere[files[1]] != nil && found.elsewhere[files[0]] == nil)
    // On another volume of the same service.
    var others = survey(scratch, volume: DeviceNumber(major: 0, minor: 0))
    others.others[scratch.path + "/data"] = DeviceNumber(scratch.status(".").st_dev)
    let there = try #require(others.files(of: own).value)
    #expect(there.onVolume == 0 && there.elsewhere[files[0]] == nil)
    let other = survey(scratch, volume: DeviceNumber(major: 0, minor: 0))
    #expect(try #require(other.files(of: own).value).elsewhere[files[0]] != nil)
  }

  @Test func aFileThatIsDeletedOrOnlyMappedIsSeen() throws {
    let scratch = try Scratch()
    let paths = try ["translog-3.tlog", "_8.tim"].map { try scratch.file($0, [1, 2, 3]) }
    let open = paths.map { Glibc.open($0, O_RDONLY | O_CLOEXEC) }
    let mapped = mmap(nil, 3, PROT_READ, MAP_SHARED, open[1], 0)
    defer { munmap(mapped, 3) }
    close(open[1])
    defer { close(open[0]) }
    unlink(paths[0])
    let found = try #require(survey(scratch).files(of: own).value)
    #expect(found.elsewhere[paths[0]] != nil)
    #expect(found.elsewhere[paths[1]] != nil)
  }

  @Test func processesThatHaveEndedAreNothing() throws {
    #expect(try survey(Scratch()).files(of: ["4194304", "x"]) == .nothing)
    #expect(try survey(Scratch()).files(of: []) == .nothing)
  }
}
