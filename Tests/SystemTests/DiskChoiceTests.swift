import Lab
import Testing

/// Which disk is taken when none is named.
@Suite struct DiskChoiceTests {
  @Test func theOnlyBlankDiskIsChosenAndOneThatAppearsMeanwhileMakesItRefuse() async throws {
    let disks = ["vol1", "other"].map { Machine.Disk(serial: $0, bytes: 256 << 20) }
    try await Machine.withEsvault(disks: disks) { machine in
      try machine.bash("mkfs.ext4 -q \(machine.link("other"))")
      let before = try machine.writes(of: "vol1")
      // Held still while the cloud is slow to attach: it settles for 3 s.
      try machine.bash(
        """
        esvault provision --generate-key --no-start --yes --format json </dev/null >/run/out 2>/run/err &
        echo $! >/run/pid
        sleep 1.5
        kill -STOP $!
        """)
      try machine.attach(Machine.Disk(serial: "late", bytes: 256 << 20))
      let status = try machine.run(
        "pid=$(cat /run/pid); kill -CONT $pid; tail --pid=$pid -s 0.1 -f /dev/null; cat /run/out; cat /run/err >&2; exit 2"
      )
      Provisioning(status).expectRefusal("2 disks are blank")
      #expect(try machine.writes(of: "vol1") == before)
      #expect(try machine.writes(of: "late").hasPrefix("0 0"))

      try machine.detach("late")
      let chosen = try machine.provision("--generate-key --no-start")
      chosen.expectDone()
      #expect(chosen.document?.volumes.first?.serial == "vol1")
      #expect(!chosen.steps.contains("start"))
    }
  }
}

extension Machine {
  /// Writes and sectors written, discards and sectors discarded, as the kernel counts them.
  fileprivate func writes(of serial: String) throws -> String {
    let name = try bash("basename $(realpath \(link(serial)))")
    return try bash("awk '{ print $5, $7, $12, $14 }' /sys/block/\(name)/stat")
  }
}
