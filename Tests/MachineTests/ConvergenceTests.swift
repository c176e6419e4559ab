import Foundation
import Testing
import Vault

extension MachineTests {
  /// Killed at any point, the same command run again continues where the killed one was.
  @Suite struct ConvergenceTests {
    /// One chain of runs, each killed after its first step: every state between two steps is met once,
    /// and continued from.
    @Test func aRunKilledBetweenAnyTwoStepsIsContinued() async throws {
      try await Machine.clean {
        let disk = try NVMe(1)
        for step in [
          "key", "format", "open", "filesystem", "guard", "mount", "directory", "record", "units",
          "heap", "data-path", "enable", "start",
        ] {
          let path = disk.path
          await #expect(processExitsWith: .signal(SIGKILL), "killed after '\(step)'") {
            [path = path as String, step = step as String] in
            try await DyingHost.provision(path, dyingAfter: step)
          }
        }
        let last = try Esvault.provision(disk)
        last.expectDone()
        // The node of the killed run has written its state; who it is was not recorded any more.
        #expect(last.stepIDs == ["record"])
        try FinishedVolume(disk: disk).expect()
      }
    }

    /// The real program, killed at random instants after it has announced a step. Every further run
    /// is the same command: it must find its way from whatever the one before has left.
    @Test func aRunKilledAtRandomInstantsWithinFormattingIsContinued() async throws {
      try await Machine.clean {
        var chance = Chance()
        print("within formatting, seed \(chance.seed)")
        let disk = try NVMe(2)
        var limit = try VolumeTemplate.seconds(of: "format")
        var left: [String: Int] = [:]
        try tenKills(of: disk, within: "format", &chance, 0.3 * limit..<1.2 * limit) {
          let standing = try standing(disk)
          left[standing, default: 0] += 1
          // The machine may be slower by now than when the step was timed.
          if standing == "blank" { limit *= 1.3 }
        }
        print("step of \(limit) s; what was left:", left)
        // The step begins with a last look at the disk; only the rest of it writes.
        #expect(left != ["blank": 10], "seed \(chance.seed)")
        let last = try Esvault.provision(disk)
        #expect(last.status == 0, "seed \(chance.seed): \(last.errors)")
        try FinishedVolume(disk: disk).expect()
      }
    }

    @Test func aRunKilledAtRandomInstantsWithinMkfsIsContinued() async throws {
      try await Machine.clean {
        var chance = Chance()
        print("within mkfs, seed \(chance.seed)")
        let disk = try NVMe(3)
        let limit = try VolumeTemplate.seconds(of: "filesystem")
        try tenKills(of: disk, within: "filesystem", &chance, 0..<limit) {}
        let last = try Esvault.provision(disk)
        #expect(last.status == 0, "seed \(chance.seed): \(last.errors)")
        try FinishedVolume(disk: disk).expect()
        try bash(
          "systemctl stop elasticsearch.service; umount /mnt/es; e2fsck -fn /dev/mapper/esvol")
      }
    }

    /// What `crypt_format` leaves when it is killed at its worst: noise, and no header yet.
    @Test func noiseIsContinuedWithItsIntentAlone() async throws {
      try await Machine.clean {
        let disk = try NVMe(1)
        func intent(_ serial: String) -> String {
          """
          {"bytes":\(NVMe.bytes),"identifiers":{"filesystem":"0f0c5a52-7d0e-4f0e-9c1b-0d6f2a9b1c11",\
          "luks":"3f0c5a52-7d0e-4f0e-9c1b-0d6f2a9b1c11"},"name":"esvol","serial":"\(serial)",\
          "time":1,"version":1}
          """
        }
        try bash("dd if=/dev/urandom of=\(disk.path) bs=1M count=16 conv=fsync")
        let reason = "'\(disk.path)' holds unknown contents"
        try expectRefusal(reason) { try Esvault.provision(disk) }
        try bash("mkdir /var/lib/esvault; echo '\(intent("vol2"))' >/var/lib/esvault/esvol.intent")
        try expectRefusal(reason) { try Esvault.provision(disk) }
        try bash("echo '\(intent(disk.serial))' >/var/lib/esvault/esvol.intent")
        // One byte behind the header area is somebody's data.
        try bash("echo x | dd of=\(disk.path) bs=1M seek=17 conv=notrunc,fsync")
        try expectRefusal(reason) { try Esvault.provision(disk) }
        try bash("dd if=/dev/zero of=\(disk.path) bs=1M count=1 seek=17 conv=notrunc,fsync")

        try Esvault.provision(disk).expectDone()
        try FinishedVolume(disk: disk).expect()
        #expect(
          try bash("cryptsetup luksUUID \(disk.path)") == "3f0c5a52-7d0e-4f0e-9c1b-0d6f2a9b1c11")
      }
    }

    /// Kills ten runs, each of which continues what the one before has left; a run that got beyond the
    /// step must have succeeded, and the next begins anew.
    private func tenKills(
      of disk: NVMe, within step: String, _ chance: inout Chance,
      _ instants: @autoclosure () -> Range<Double>, then look: () throws -> Void
    ) throws {
      var kills = 0
      // The machine may be faster by now than when the step was timed.
      var haste = 1.0
      for _ in 0..<30 where kills < 10 {
        if try kill(disk, within: step, after: haste * chance.seconds(in: instants())) {
          kills += 1
          try look()
        } else {
          haste *= 0.7
          try FinishedVolume(disk: disk).expect()
          try Machine.reset()
        }
      }
      #expect(kills == 10)
    }

    /// Kills the program some time after it has announced a step; false when it has ended before.
    private func kill(_ disk: NVMe, within step: String, after seconds: Double) throws -> Bool {
      try bash(
        """
        /payload/esvault provision \(disk.path) --generate-key --yes >/dev/null 2>/run/progress &
        esvault=$!
        until grep -Eq '/[0-9]+ +\(step) ' /run/progress || [[ ! -d /proc/$esvault ]]; do
          sleep 0.02
        done
        sleep \(seconds)
        if kill -KILL $esvault 2>/dev/null; then
          wait $esvault || echo killed
        else
          wait $esvault || { cat /run/progress >&2; exit 1; }
        fi
        """) == "killed"
    }

    /// What a run that was killed within formatting has left.
    private func standing(_ disk: NVMe) throws -> String {
      let dump = try run("/usr/sbin/cryptsetup", ["luksDump", disk.path])
      if dump.status != 0 {
        return try bash("cmp -n 16777216 \(disk.path) /dev/zero && echo blank || true").contains(
          "blank")
          ? "blank" : "noise"
      }
      let text = dump.text.condensed
      if text.contains("0: esvault") { return "complete" }
      return text.contains("PBKDF:") ? "keyed" : "header"
    }
  }
}

/// Instants that differ from run to run, and can be had again by their seed.
private struct Chance: RandomNumberGenerator {
  let seed: UInt64
  private var state: UInt64

  init() {
    seed = UInt64.random(in: 0...UInt64.max)
    state = seed
  }

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  mutating func seconds(in range: Range<Double>) -> Double {
    (Double.random(in: range, using: &self) * 1000).rounded() / 1000
  }
}
