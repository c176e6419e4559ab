import Testing

@testable import Vault

@Suite struct CarryingOutTests {
  private let steps: [Step] = [
    .guardMountPoint("/mnt/es"), .key(path: "/a"), .start(service: "es.service", data: "/mnt/es/d"),
  ]

  @Test func everyStepIsDoneInOrderAndReportedTwice() async {
    let host = ScriptedHost(steps: steps)
    var reports: [StepRecord] = []
    let records = await Plan(steps: steps).carryOut(on: host) { reports.append($0) }
    #expect(host.isDone)
    #expect(records.map(\.step) == steps)
    #expect(records.allSatisfy { $0.state == .done && $0.failure == nil })
    #expect(reports.map(\.step) == steps.flatMap { [$0, $0] })
    #expect(reports.map(\.state) == [.planned, .done, .planned, .done, .planned, .done])
  }

  @Test func theFirstFailureStopsThePlan() async {
    let failure = StepFailure("no space is left", advice: "Make some.")
    let host = ScriptedHost(steps: [steps[0]]).failing(steps[1], with: failure)
    var reports: [StepRecord.State] = []
    let records = await Plan(steps: steps).carryOut(on: host) { reports.append($0.state) }
    #expect(host.isDone)
    #expect(records.map(\.state) == [.done, .failed, .planned])
    #expect(records.map(\.failure) == [nil, failure, nil])
    #expect(reports == [.planned, .done, .planned, .failed])
  }

  @Test func everyErrorBecomesAFailureWithAdvice() async {
    let file = FileError("write", "/etc/x", 28)
    let refusal = Refusal("the key is gone", advice: "Restore it.")
    for (error, words) in [(file as any Error, "No space left"), (refusal, "the key is gone")] {
      let host = ScriptedHost().failing(steps[0], with: error)
      let records = await Plan(steps: [steps[0]]).carryOut(on: host) { _ in }
      let failure = records[0].failure
      #expect(failure?.description.contains(words) == true)
      #expect(isPhrase(failure?.description ?? "") && isAdvice(failure?.advice ?? ""))
    }
  }

  @Test func anEmptyPlanAsksForNothing() async {
    #expect(await Plan().carryOut(on: ScriptedHost()) { _ in }.isEmpty)
  }
}

@Suite struct ConsiderationTests {
  private let anyone = VolumeSpec.generating.with { $0.device = nil }

  @Test func aNamedDiskIsLookedAtOnce() async throws {
    let host = ScriptedHost(views: [.healthy])
    let considered = try await Consideration.provisioning(.generating, on: host)
    #expect(host.isDone)
    #expect(considered.facts == .healthy && considered.spec == .generating)
    #expect(considered.plan == (try plan(.generating, .healthy)))
  }

  @Test func aDiskThatNobodyNamedMustStayTheOnlyOne() async throws {
    let host = ScriptedHost(views: [.healthy, .healthy])
    _ = try await Consideration.provisioning(anyone, on: host, settling: .zero)
    #expect(host.isDone)

    let two = ScriptedHost(views: [.healthy, .healthy.with { $0.disks.append(.blank(2)) }])
    await #expect(throws: Refusal.self) {
      try await Consideration.provisioning(anyone, on: two, settling: .zero)
    }
    let another = ScriptedHost(views: [.healthy, .healthy.with { $0.target = .blank(2) }])
    let refusal = await #expect(throws: Refusal.self) {
      try await Consideration.provisioning(anyone, on: another, settling: .zero)
    }
    expectHouseStyle(try #require(refusal))
    #expect(refusal?.description.contains("still changing") == true)
  }

  @Test func aSecondBlankDiskIsNotSilentlyIgnored() async throws {
    let facts = Facts.finished.with { $0.disks.append(.blank(2)) }
    let refusal = try #require(try await strayRefusal(facts))
    expectHouseStyle(refusal)
    #expect(refusal.description.contains("'/dev/nvme2n1'"))
    #expect(try await strayRefusal(.finished) == nil)
  }

  @Test func aBlankDiskOfAConfiguredVolumeIsExpected() async throws {
    let facts = Facts.finished.with {
      $0.disks.append(.blank(2))
      $0.configuration = .reading(Sample.recorded + "  - name: second\n    device: vol-2\n")
    }
    #expect(try await strayRefusal(facts) == nil)
  }

  private func strayRefusal(_ facts: Facts) async throws -> Refusal? {
    let host = ScriptedHost(views: [facts])
    let considered = Consideration(spec: .recorded, facts: .finished, plan: Plan())
    return try await considered.refusalForBlankDisk(on: host)
  }
}
