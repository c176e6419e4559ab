import Lab
import Testing

/// The plug is pulled in the middle of the work; there is no rollback, a rerun goes on.
@Suite struct PulledPlugTests {
  // Vouched for as random, or a rerun would derive its key slowly: it no longer knows who made it.
  fileprivate static let words = "vol1 --generate-key --key-is-random"

  @Test func aPulledPlugIsMadeGoodByTheNextRun() async throws {
    try await Machine.withEsvault(disks: [Machine.Disk(serial: "vol1", bytes: 512 << 20)]) {
      machine in
      // The plug that is pulled while the disk is formatted: see FirstBootTests.
      try machine.pullThePlug(during: "verify")
      let last = try machine.provision(Self.words)
      last.expectDone()
      // Where the boot had Elasticsearch started already, its node only has to be recorded.
      let end = try #require(last.steps.last)
      try #require(["verify", "record"].contains(end))
      let node = Node(machine: machine)
      try node.waitUntilGreen()
      try node.index(["kept"])
      #expect(try node.hits("kept") == 1)
      #expect(try node.id() == last.nodeID)
      #expect(try machine.bash("ls -A /var/lib/esvault") == "")
    }
  }
}

extension Machine {
  /// Provisions until a step has begun, pulls the plug, and boots the machine again, until nothing is at
  /// work there: one esvault changes a machine at a time, and a boot unlocks.
  fileprivate func pullThePlug(during step: String) throws {
    try bash(
      """
      esvault provision \(PulledPlugTests.words) --yes </dev/null >/root/out 2>/root/progress &
      until grep -Eq '^ *[0-9]+/[0-9]+ +\(step) ' /root/progress; do
        kill -0 $! || { cat /root/progress >&2; exit 1; }
        sleep 0.02
      done
      """)
    try kill()
    try resume()
    try waitUntilBooted()
  }
}
