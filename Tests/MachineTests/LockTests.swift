import Foundation
import Testing

extension MachineTests {
  /// `esvault lock` takes a volume out of use, or says who keeps it.
  @Suite struct LockTests {
    @Test func aVolumeIsStoppedUnmountedAndClosedAndThenNothingIsLeftToDo() async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        try Esvault("unlock").expectDone()
        let planned = try Esvault("lock", "--dry-run")
        #expect(planned.stepIDs == ["stop", "unmount", "close"])
        #expect(try OpenVolume.isMounted)
        let outcome = try Esvault("lock")
        outcome.expectDone()
        #expect(outcome.stepIDs == ["stop", "unmount", "close"])
        #expect(outcome.volume["open"] as? Bool == false)
        #expect(try !OpenVolume.isMounted)
        #expect(!OpenVolume.isOpen)
        #expect(!FileManager.default.fileExists(atPath: "/run/stand-in/active"))
        let again = try Esvault("lock")
        again.expectDone()
        #expect(again.stepIDs.isEmpty && again.changed == false)
      }
    }

    @Test func onlyRootMayCloseOrOpen() async throws {
      try await Machine.clean {
        _ = try OpenVolume()
        let nobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups", "/payload/esvault"]
        for (command, verb) in [("lock", "close"), ("unlock", "open")] {
          try expectRefusal("only root can \(verb) a volume", except: NVMe(1)) {
            Esvault(try run("/usr/bin/setpriv", nobody + [command, "--format", "json"]))
          }
        }
        #expect(try OpenVolume.isMounted)
      }
    }

    @Test func whoUsesTheVolumeIsNamedAndLosesNothing() async throws {
      try await Machine.clean {
        _ = try OpenVolume()
        let process = try Background(
          "echo kept >/mnt/es/elasticsearch/file; exec sleep 300 3<>/mnt/es/elasticsearch/file")
        defer { process.end() }
        let busy = try Esvault("lock")
        #expect(busy.status == 1)
        #expect(
          busy.failure
            == "could not unmount '/mnt/es': it is in use by 'sleep' (process \(process.id))")
        #expect(busy.steps.map(\.state) == ["failed", "planned"])
        #expect(try OpenVolume.isMounted)
        #expect(try bash("cat /mnt/es/elasticsearch/file") == "kept")
        process.end()
        try Esvault("lock").expectDone()
        #expect(!OpenVolume.isOpen)
        try Esvault("unlock").expectDone()
        #expect(try bash("cat /mnt/es/elasticsearch/file") == "kept")
      }
    }
  }
}
