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
    try expectOrder(of: machine)
  }

  /// What the last of them has stopped, unmounted and closed, and then opened and started again.
  private func expectOrder(of machine: Machine) throws {
    let down = try machine.bash("journalctl -b -1 -o cat --no-pager | tail -n 200")
    expectOrder(
      [
        "Stopping elasticsearch.service", "Stopped elasticsearch.service",
        "Unmounting mnt-es.mount", "Unmounted mnt-es.mount", "Stopping esvault-unlock.service",
        "volume 'esvol' is closed", "Stopped esvault-unlock.service",
      ], in: down)
    let up = try machine.bash("journalctl -b -o cat --no-pager")
    expectOrder(
      [
        "Reached target basic.target", "Starting esvault-unlock.service", "mounted filesystem",
        "Finished esvault-unlock.service", "Starting elasticsearch.service",
      ], in: up)
    #expect(!up.contains("ordering cycle") && !down.contains("ordering cycle"))
    #expect(!up.contains("recovery complete"), "the filesystem was not cleanly unmounted")
  }

  private func expectOrder(
    _ events: [String], in journal: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var rest = Substring(journal)
    for event in events {
      guard let range = rest.range(of: event) else {
        Issue.record("'\(event)' is not in its place: \(journal)", sourceLocation: sourceLocation)
        return
      }
      rest = rest[range.upperBound...]
    }
  }
}
