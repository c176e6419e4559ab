import BlockDevices
import Elasticsearch
import LUKS

extension Plan {
  /// What is missing until the volume that the spec asks for is in use.
  ///
  /// - Throws: ``Refusal`` when no safe plan exists.
  package static func provisioning(_ spec: VolumeSpec, _ facts: Facts) throws(Refusal) -> Plan {
    try Prerequisites(spec, facts).check()
    let (disk, notes) = try DiskChoice(spec: spec, facts: facts).disk()
    try WipeOrder(spec, facts).check(against: disk)
    let standing = try Standing(of: disk, for: spec, facts)
    var provisioning = Provisioning(
      spec: spec, facts: facts, disk: disk, standing: standing,
      heap: try spec.heap(memory: facts.memoryOfElasticsearch))
    var plan = Plan(notes: notes)
    plan.isPartial = provisioning.isLeft && facts.directories == nil
    if provisioning.isLeft { provisioning.spec.startsService = false }
    try provisioning.addKey(to: &plan)
    provisioning.addFormat(to: &plan)
    try provisioning.addOpening(to: &plan)
    try provisioning.addMount(to: &plan)
    try provisioning.addRecord(to: &plan)
    try provisioning.addUnits(to: &plan)
    try provisioning.addJVM(to: &plan)
    try provisioning.addElasticsearch(to: &plan)
    provisioning.addNotes(to: &plan)
    try provisioning.checkStopped(before: plan)
    return plan
  }
}

/// The parts of a provisioning plan, each deciding upon the same spec and facts.
struct Provisioning {
  var spec: VolumeSpec
  let facts: Facts
  let disk: DiskFacts
  let standing: Standing
  /// The heap that the spec asks for, in bytes; nil leaves it alone.
  let heap: UInt64?

  /// Whether Elasticsearch is left as it is: the volume holds a node, or may hold one while it is closed.
  /// One whose start has failed nobody has stopped.
  var isLeft: Bool {
    guard spec.leavesNode else { return false }
    // Nothing is started before it is recorded, by which it is found again after the first part.
    guard let directories = facts.directories else { return standing.isReady && spec.uuid != nil }
    return directories.nodeState != .none && !facts.elasticsearch.hasFailed
  }

  /// The UUIDs that the volume has, or will have.
  var identifiers: Identifiers { standing.identifiers ?? facts.fresh }
}
