import Testing

@testable import Vault

@Suite struct PaceTests {
  @Test(arguments: [
    (Duration.zero, Duration.milliseconds(250)), (.seconds(2), .milliseconds(250)),
    (.seconds(8), .seconds(1)), (.seconds(16), .seconds(2)), (.seconds(300), .seconds(2)),
  ])
  func itIsAnEighthOfWhatHasPassedWithinBounds(_ passed: Duration, _ pause: Duration) {
    #expect(Pace.pause(after: passed) == pause)
  }
}
