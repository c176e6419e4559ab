import BlockDevices
import Glibc
import LUKS
import Testing

@testable import Vault

@Suite struct MomentaryClaimTests {
  static let claims: [any Error] = [
    LUKSError.deviceBusy("/dev/x"),
    BlockDeviceError.failed(verb: "open", object: "/dev/x", errno: EBUSY),
  ]

  @Test(arguments: claims.indices) func aDiskThatIsSoonFreeIsTaken(claim: Int) async throws {
    var attempts = 0
    try await MomentaryClaim.outlast(limit: .seconds(600)) {
      attempts += 1
      if attempts < 3 { throw Self.claims[claim] }
    }
    #expect(attempts == 3)
  }

  @Test func aDiskThatStaysBusyIsSaidToBe() async throws {
    var attempts = 0
    await #expect(throws: LUKSError.deviceBusy("/dev/x")) {
      try await MomentaryClaim.outlast(limit: .milliseconds(150)) {
        attempts += 1
        throw LUKSError.deviceBusy("/dev/x")
      }
    }
    #expect(attempts > 1)
  }

  /// Whatever else has gone wrong is not done again: it may have changed something.
  @Test func anyOtherErrorEndsIt() async throws {
    let failure = BlockDeviceError.failed(verb: "write zeros to", object: "/dev/x", errno: EIO)
    var attempts = 0
    await #expect(throws: failure) {
      try await MomentaryClaim.outlast {
        attempts += 1
        throw failure
      }
    }
    #expect(attempts == 1)
  }
}
