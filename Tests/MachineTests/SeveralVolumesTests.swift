import Foundation
import Testing

extension MachineTests {
  /// Several volumes are unlocked side by side, one process for each.
  @Suite struct SeveralVolumesTests {
    @Test func oneBrokenVolumeDoesNotKeepTheOthersClosed() async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        let (second, third) = (try NVMe(2), try NVMe(3))
        try second.becomeVolume("second", mount: "/mnt/second")
        try third.becomeVolume("third", mount: "/mnt/third")
        let configuration =
          try "version: 1\nvolumes:\n" + NVMe(1).record("esvol", mount: "/mnt/es")
          + second.record("second", mount: "/mnt/second")
          + third.record("third", mount: "/mnt/third")
        try Data(configuration.utf8).write(to: URL(fileURLWithPath: "/etc/esvault/esvault.yml"))

        let all = try Esvault("unlock")
        all.expectDone()
        #expect(try mounted() == ["esvol", "second", "third"])
        #expect(all.volumes.map { $0["name"] as? String } == ["esvol", "second", "third"])
        // Elasticsearch has its data on the first: of the others it knows nothing.
        #expect(
          all.stepIDs == [
            "open", "mount", "start", "open", "guard", "mount", "open", "guard", "mount",
          ])
        let nothing = try Esvault("unlock")
        #expect(nothing.status == 0 && nothing.changed == false && nothing.volumes.count == 3)
        try Esvault("lock").expectDone()
        #expect(try mounted() == [])

        try second.changeToken("version=2")
        let some = try Esvault("unlock")
        #expect(some.status == 1)
        #expect(some.changed == true && some.refusal == nil)
        #expect(some.errors.contains("its esvault token has version 2, newer than this program"))
        #expect(try mounted() == ["esvol", "third"])
        // Nothing was changed this time, and so it is a refusal.
        let alone = try Esvault("unlock", "second")
        #expect(alone.status == 2 && alone.changed == false)
        #expect(alone.refusal?.description.contains("version 2") == true)
        let rest = try Esvault("unlock")
        #expect(rest.status == 2 && rest.changed == false)
        #expect(rest.refusal?.description.contains("version 2") == true)
        try Esvault("lock", "third").expectDone()
        #expect(try mounted() == ["esvol"])
      }
    }

    private func mounted() throws -> [String] {
      try bash("findmnt -rno SOURCE -t ext4 | sed -n 's|^/dev/mapper/||p' | sort")
        .split(separator: "\n").map(String.init)
    }
  }
}
