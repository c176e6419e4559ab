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
