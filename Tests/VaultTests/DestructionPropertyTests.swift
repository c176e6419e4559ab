import BlockDevices
import LUKS
import Testing

@testable import Vault

/// Whatever the facts: no plan destroys what it must not.
@Suite struct DestructionPropertyTests {
  private static let order = [
    "key", "wipe", "format", "open", "filesystem", "guard", "mount", "directory", "record", "units",
    "heap", "data-path", "enable", "start", "verify",
  ]

  @Test func noPlanDestroysWhatItMustNot() {
    var world = World(seed: 20_260_726)
    var seen: [String: Int] = [:]
    for _ in 0..<6_000 {
      let (spec, facts) = world.next()
      guard let plan = try? Plan.provisioning(spec, facts) else {
        seen["refused", default: 0] += 1
        continue
      }
      expectOrder(of: plan)
      if let name = destruction(in: plan) {
        seen[name, default: 0] += 1
        expectLeave(to: name, spec, facts, plan)
      } else {
        seen["harmless", default: 0] += 1
      }
      if facts.elasticsearch.service == .running {
        #expect(plan.steps.allSatisfy { ["record", "units", "enable", "verify"].contains($0.id) })
      }
    }
    // The property says something only if every kind of plan was among them.
    for name in ["refused", "harmless", "blank", "wiped", "interrupted", "keyed", "filesystem"] {
      #expect(seen[name, default: 0] >= 10, "\(name): \(seen)")
    }
  }

  private func expectOrder(of plan: Plan) {
    let ranks = plan.steps.map { Self.order.firstIndex(of: $0.id) ?? -1 }
    #expect(!ranks.contains(-1))
    #expect(zip(ranks, ranks.dropFirst()).allSatisfy { $0 < $1 }, "\(plan.steps.map(\.id))")
  }

  /// How a plan writes over the disk; nil where it does not.
  private func destruction(in plan: Plan) -> String? {
    for case .format(let formatting) in plan.steps { return "\(formatting.start)" }
    return plan.steps.contains { $0.id == "filesystem" } ? "filesystem" : nil
  }

  private func expectLeave(to name: String, _ spec: VolumeSpec, _ facts: Facts, _ plan: Plan) {
    guard let disk = facts.disks.first(where: { $0.disk.path == path(in: plan) }) else {
      Issue.record("a plan for no disk: \(plan)")
      return
    }
    #expect(disk.uses.isEmpty && !disk.disk.isReadOnly)
    #expect(disk.disk.bytes >= VolumeLimits.minimumBytes)
    #expect(facts.elasticsearch.presentData == .none)
    #expect(plan.steps.contains { $0.id == "wipe" } == (name == "wiped"))
    let isRecorded = facts.configuration.volumes.contains { $0.uuid == disk.luksUUID }
    switch name {
    case "blank":
      #expect(disk.contents == .blank && disk.disk.partitions.isEmpty)
    case "wiped":
      #expect(spec.wipe == disk.disk.serial && spec.wipe != nil)
      #expect(disk.luksUUID == nil || !isRecorded)
    case "interrupted":
      expectIntent(facts, disk)
      if case .header(let header) = disk.header {
        #expect(header.uuid == Sample.earlier.luks && header.subsystem == "esvault")
        #expect(header.keyslots.isEmpty && header.tokens.isEmpty)
      } else {
        #expect(disk.contents != .blank && disk.behindHeader == .blank)
        #expect(disk.disk.partitions.isEmpty)
      }
    case "keyed":
      expectIntent(facts, disk)
      #expect(disk.luksUUID == Sample.earlier.luks)
    default:
      #expect(token(on: disk)?.phase == .formatted)
      #expect(token(on: disk)?.serial == disk.disk.serial)
      guard case .encrypted(_, _, let inside?) = facts.mapping else { return }
      #expect(inside == .ext4())
    }
  }

  private func expectIntent(_ facts: Facts, _ disk: DiskFacts) {
    #expect(facts.intent?.serial == disk.disk.serial && disk.disk.serial != nil)
    #expect(facts.intent?.bytes == disk.disk.bytes)
    #expect(facts.intent?.identifiers == Sample.earlier)
  }

  private func path(in plan: Plan) -> String? {
    for step in plan.steps {
      if case .format(let formatting) = step { return formatting.disk.path }
      if case .filesystem(let opening) = step { return opening.disk.path }
    }
    return nil
  }

  private func token(on disk: DiskFacts) -> VolumeToken? {
    guard case .header(let header) = disk.header else { return nil }
    return header.tokens.first.flatMap { try? VolumeToken.decode($0.json) }
  }
}
