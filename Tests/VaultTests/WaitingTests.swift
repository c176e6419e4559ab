import Testing

@testable import Vault

/// Rule 11: a disk that is not there yet is waited for, and nothing is waited for for ever.
@Suite struct WaitingTests {
  /// A machine whose disk appears at the given look.
  private final class LateDisk: Host {
    var looks = 0
    let appearing: Int
    /// How long the first look takes.
    let firstLook: Duration

    init(appearing: Int, firstLook: Duration = .zero) {
      self.appearing = appearing
      self.firstLook = firstLook
    }

    func look(for spec: VolumeSpec, readsDisks: Bool) async throws -> Facts {
      looks += 1
      if looks == 1 { try await Task.sleep(for: firstLook) }
      return looks < appearing ? .rebooted.with { $0.disks = [.system] } : .rebooted
    }

    func perform(_ step: Step) async throws { Issue.record("a look made a change: \(step)") }
  }

  @Test func aDiskThatAppearsLateIsOpened() async throws {
    let host = LateDisk(appearing: 3)
    var told: [String] = []
    var calls = (hold: 0, release: 0)
    let considered = try await Consideration.unlocking(
      .recorded, on: host, hold: { calls.hold += 1 }, release: { calls.release += 1 },
      waiting: { refusal, limit in
        #expect(limit == .seconds(300))
        told.append(refusal.description)
      })
    #expect(considered.plan.steps.first?.id == "open" && host.looks == 3)
    #expect(told.count == 1 && told[0].contains("is on none of this machine's disks"))
    // Nobody is kept waiting by somebody who waits.
    #expect(calls.hold == 3 && calls.release == 2)
  }

  /// First the copy, long after the first look, then the disk itself.
  private final class CopyFirst: Host {
    var looks = 0

    func look(for spec: VolumeSpec, readsDisks: Bool) async throws -> Facts {
      looks += 1
      let copy = DiskFacts.carrying(.ours(tokens: [.esvol(.ready)]), 2)
      switch looks {
      case 1: return .rebooted.with { $0.disks = [.system] }
      case 2: return .rebooted.with { $0.disks = [.system, copy] }
      default: return .rebooted.with { $0.disks.append(copy) }
      }
    }

    func perform(_ step: Step) async throws { Issue.record("a look made a change: \(step)") }
  }

  @Test func aCopyThatAppearsFirstIsNoReasonNotToWait() async throws {
    let host = CopyFirst()
    var told: [String] = []
    let considered = try await Consideration.unlocking(
      .recorded, on: host, waiting: { refusal, _ in told.append(refusal.description) })
    #expect(considered.plan.steps.first?.id == "open" && host.looks == 3)
    #expect(told.count == 2 && told[1].contains("not the recorded 'vol1'"))
  }

  @Test(.timeLimit(.minutes(5))) func aDiskThatNeverAppearsIsRefusedWhenTheTimeIsUp() async throws {
    let host = LateDisk(appearing: .max)
    await #expect(throws: Refusal.self) {
      try await Consideration.unlocking(.recorded.with { $0.timeout = 1 }, on: host)
    }
    #expect(host.looks > 1)
  }

  @Test func aSlowLookLeavesTheDiskNoLessTimeToAppear() async throws {
    let host = LateDisk(appearing: 2, firstLook: .milliseconds(1100))
    let considered = try await Consideration.unlocking(.recorded.with { $0.timeout = 1 }, on: host)
    #expect(considered.plan.steps.first?.id == "open")
  }

  @Test func whatWaitingDoesNotHelpIsRefusedAtOnce() async throws {
    let host = ScriptedHost(views: [.rebooted.with { $0.key = .absent }])
    await #expect(throws: Refusal.self) {
      try await Consideration.unlocking(.recorded, on: host)
    }
  }

  /// The volume whose disk comes late is worked on last, and after udev; the others never wait for it.
  @Test func aDiskThatIsMissingKeepsNoOtherVolumeWaiting() async throws {
    let missing = Refusal("no disk has it", advice: "Attach it.", patience: .seconds(86_400))
    let volumes = ["late", "ready", "lost"].map { name in
      VolumeSpec.generating.with { $0.name = name }
    }
    var events: [String] = []
    var told: [Refusal] = []
    var looks = 0
    try await LateDisks(limit: .milliseconds(10)) { refusal, limit in
      #expect(limit == .milliseconds(10))
      told.append(refusal)
    }.work(
      on: volumes, waits: { _ in true },
      look: { volume in
        looks += 1
        if volume.name == "lost" { throw missing }
        events.append("look \(volume.name)")
      }, settle: { events.append("settle") },
      work: { volume in
        if volume.name != "ready", looks == 0 { throw missing }
        events.append("work \(volume.name)")
      }, failed: { volume, error in events.append("failed \(volume.name): \(error)") })
    #expect(
      events == [
        "settle", "settle", "work ready", "settle", "look late", "settle", "work late",
        "failed lost: no disk has it",
      ])
    #expect(told == [missing, missing])
  }

  /// Work on another volume may take longer than anybody waits: who was not looked at since is looked at
  /// once more.
  @Test func patienceEndsByTheLastLookNotByTheWorkAfterIt() async throws {
    let missing = Refusal("no disk has it", advice: "Attach it.", patience: .seconds(86_400))
    var patience = Patience(limit: .milliseconds(20))
    let look = ContinuousClock.now
    #expect(patience.bears(missing, seenAt: look) { _, _ in })
    try await Task.sleep(for: .milliseconds(50))
    #expect(patience.bears(missing, seenAt: look) { _, _ in })
    #expect(!patience.bears(missing) { _, _ in })
    var none = Patience(limit: .zero)
    #expect(!none.bears(missing, seenAt: look) { _, _ in })
  }

  @Test func whatWaitingDoesNotHelpAndWhatWasTypedIsNotWaitedFor() async throws {
    let passing = Refusal("no disk has it", advice: "Attach it.", patience: .seconds(86_400))
    let lasting = Refusal("it holds ext4", advice: "Choose another.")
    for (refusal, waits) in [(passing, false), (lasting, true)] {
      await #expect(throws: refusal) {
        try await LateDisks(limit: .seconds(300)) { _, _ in Issue.record("it waits") }.work(
          on: [.generating], waits: { _ in waits }, look: { _ in Issue.record("it looks again") },
          settle: {}, work: { _ in throw refusal }, failed: { throw $1 })
      }
    }
  }

  @Test func derivationsSideBySideStayWithinTheMemory() {
    var memory = DerivationMemory(available: 1 << 30)
    // One alone is always tried.
    #expect(memory.admits(4 << 30))
    memory.take(600 << 20)
    #expect(memory.admits(400 << 20) && !memory.admits(500 << 20) && !memory.admits(4 << 30))
    memory.giveBack(600 << 20)
    #expect(memory.admits(4 << 30))
  }
}
