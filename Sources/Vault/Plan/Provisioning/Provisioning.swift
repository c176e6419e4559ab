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
    let provisioning = Provisioning(
      spec: spec.leaving(facts.directories?.nodeState), facts: facts, disk: disk,
      standing: standing,
      heap: try spec.heap(memory: facts.memoryOfElasticsearch))
    var plan = Plan(notes: notes)
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

extension VolumeSpec {
  /// The same without a start where the node is to be left alone.
  fileprivate func leaving(_ node: NodeStateFacts?) -> VolumeSpec {
    var spec = self
    if leavesNode, let node, node != .none { spec.startsService = false }
    return spec
  }
}

/// The parts of a provisioning plan, each deciding upon the same spec and facts.
struct Provisioning {
  let spec: VolumeSpec
  let facts: Facts
  let disk: DiskFacts
  let standing: Standing
  /// The heap that the spec asks for, in bytes; nil leaves it alone.
  let heap: UInt64?

  /// The UUIDs that the volume has, or will have.
  var identifiers: Identifiers { standing.identifiers ?? facts.fresh }
}
