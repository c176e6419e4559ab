import Dispatch
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

  @Test(.timeLimit(.minutes(1))) func whatDoesNotAnswerIsNotSeen() {
    let silent = Sight<Int>.bounded(at: "'/dead'", limit: .zero) { while true { pause() } }
    #expect(silent == .failed("'/dead' did not answer within 0 s"))
    #expect(Sight.bounded(at: "'/live'") { .seen(7) } == .seen(7))
  }

  @Test(.timeLimit(.minutes(1))) func aCallThatGoesOnIsWaitedForHoweverLong() throws {
    let released = DispatchSemaphore(value: 0)
    var asked = 0
    let number = try Watchdog.run(
      limit: .milliseconds(1),
      unless: {
        asked += 1
        if asked == 5 { released.signal() }
        return true
      },
      {
        released.wait()
        return 7
      })
    #expect(number == 7 && asked >= 5)
  }

  @Test func progressIsWhatWasDoneSinceTheLastLook() {
    let progress = Watchdog.Progress()
    #expect(!progress.hasMoved())
    progress.step()
    progress.step()
    #expect(progress.hasMoved())
    #expect(!progress.hasMoved())
  }

  @Test func aCallThatReturnsTooLateHarmsNobody() throws {
    let late = DispatchSemaphore(value: 0)
    let ended = DispatchSemaphore(value: 0)
    for _ in 0..<20 {
      #expect(throws: Watchdog.TimedOut.self) {
        try Watchdog.run(limit: .milliseconds(1)) {
          late.wait()
          ended.signal()
        }
      }
    }
    for _ in 0..<20 { late.signal() }
    for _ in 0..<20 { ended.wait() }
  }
}
