import Glibc
import Testing

@testable import Vault

@Suite struct WatchdogTests {
  private struct Failure: Error {}

  @Test func whatTheCallGivesOrThrowsComesBack() throws {
    let number = try Watchdog.run(limit: .seconds(60)) { 7 }
    #expect(number == 7)
    #expect(throws: Failure.self) { try Watchdog.run(limit: .seconds(60)) { throw Failure() } }
  }

  @Test(.timeLimit(.minutes(1))) func aCallThatDoesNotReturnIsLeftBehind() {
    #expect(throws: Watchdog.TimedOut(limit: .milliseconds(50))) {
      try Watchdog.run(limit: .milliseconds(50)) { while true { pause() } }
    }
  }

  @Test func aCallThatReturnsTooLateHarmsNobody() throws {
    for _ in 0..<20 {
      #expect(throws: Watchdog.TimedOut.self) {
        try Watchdog.run(limit: .milliseconds(1)) { usleep(5000) }
      }
    }
    usleep(20_000)
  }
}
