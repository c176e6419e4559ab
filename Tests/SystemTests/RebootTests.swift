import Lab
import Testing

/// The machine starts anew, again and again, and nobody touches it.
@Suite(.finishedNode) struct RebootTests {
  @Test func tenRebootsInTheMiddleOfIndexingEndWithAGreenNodeThatHasLostNothing() throws {
    let finished = try FinishedNode.shared
    let (machine, node) = (finished.machine, finished.node)
    let client = try IndexingClient(on: machine)
    for round in 1...10 {
      try client.start(round: round)
      try machine.reboot()
      try node.waitUntilGreen()
      try machine.expectOpenAndClean("reboot \(round)")
      #expect(try node.id() == finished.made.nodeID, "reboot \(round)")
      #expect(try node.hits("secret") == 3, "reboot \(round)")
      #expect(try client.lost() == "", "reboot \(round)")
    }
  }
}
