import Foundation
import Testing

extension MachineTests {
  /// An opening waits for udev, which may hang.
  @Suite struct UdevTests {
    @Test func aHungUdevEndsInAnErrorThatNamesWhatIsLeftAndARerunContinues() async throws {
      try await Machine.clean {
        let disk = try NVMe(1)
        // What a run has left that another test killed while it opened.
        try bash("dmsetup udevcomplete_all --yes")
        try hanging {
          // Far below what an opening without a limit would take, on a busy host too.
          let start = ContinuousClock.now
          let outcome = try Esvault.provision(disk, "--timeout", "8")
          #expect(ContinuousClock.now - start < .seconds(200))
          #expect(outcome.status == 1, "\(outcome.errors)")
          #expect(outcome.steps.first { $0.state == "failed" }?.id == "open")
          let failure = try #require(outcome.failure)
          #expect(failure.hasPrefix("could not open '/dev/mapper/esvol': udev did not answer"))
          #expect(failure.contains("the mapping without its node, and a udev cookie"))
          #expect(try bash("dmsetup ls").contains("esvol"))
          #expect(try bash("dmsetup udevcookies | wc -l") == "2")

          // The mapping has no node, and is not taken for none.
          let again = try Esvault.provision(disk)
          #expect(again.status == 2 && again.changed == false)
          #expect(
            again.refusal?.description
              == "'/dev/mapper/esvol' is open, and cannot be read: udev has not made its node")
          #expect(again.refusal?.advice.contains("systemctl restart systemd-udevd") == true)
        }
        try bash("udevadm settle --timeout=20; dmsetup udevcomplete_all --yes")
        let after = try Esvault.provision(disk)
        after.expectDone()
        #expect(!after.stepIDs.contains("open") && !after.stepIDs.contains("format"))
        try FinishedVolume(disk: disk).expect()
      }
    }

    /// Lets udev sleep for a while, and always wakes it up.
    private func hanging(_ body: () throws -> Void) throws {
      try bash("pkill -STOP -x systemd-udevd")
      defer { _ = try? bash("pkill -CONT -x systemd-udevd") }
      try body()
    }
  }
}
