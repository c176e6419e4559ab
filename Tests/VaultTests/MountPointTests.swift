import Glibc
import Testing

@testable import Vault

/// Where the volume is to be mounted, on a real filesystem.
@Suite struct MountPointTests {
  private let scratch: Scratch
  private let host = LinuxHost(keys: KeyFile("/none"))

  init() throws {
    scratch = try Scratch()
    #expect(mkdir("\(scratch.path)/real", 0o700) == 0)
    #expect(symlink("real", "\(scratch.path)/link") == 0)
  }

  private func look(_ name: String) throws -> MountPointFacts {
    try host.lookAtMountPoint("\(scratch.path)/\(name)", mapping: .none)
  }

  @Test func aLinkOnTheWayIsRefusedAndTheDirectoryItselfIsNamed() throws {
    for path in ["link/es", "link/not/yet/there"] {
      var spec = VolumeSpec.generating
      spec.mount = "\(scratch.path)/\(path)"
      let place = try look(path)
      let facts = Facts.healthy.with { $0.mountPoint = place }
      let refusal = try #require(throws: Refusal.self) {
        try MountPointCheck(spec, facts).isMounted()
      }
      expectHouseStyle(refusal)
      let direct = "\(scratch.path)/real" + path.dropFirst("link".count)
      #expect(refusal.advice.hasSuffix("--mount \(direct)"))
    }
  }

  @Test func directoriesThatAreMissingAreAbsent() throws {
    #expect(try look("real/es") == .absent)
    #expect(try look("real/not/yet/there") == .absent)
  }

  @Test func aLinkIsNoMountPoint() throws {
    #expect(try look("link") == .notADirectory)
  }
}
