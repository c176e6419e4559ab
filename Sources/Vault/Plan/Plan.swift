/// The missing changes, in order.
package struct Plan: Equatable, Sendable {
  package var steps: [Step] = []
  /// What the operator should know, though it needs no change.
  package var notes: [String] = []
  /// Once it is carried out more can be seen of the volume, on which the rest depends: it is time to look
  /// and decide once more.
  package var isPartial = false

  package init(steps: [Step] = [], notes: [String] = []) {
    self.steps = steps
    self.notes = notes
  }

  /// Whether carrying out the plan would change anything.
  package var changes: Bool { steps.contains { $0.changes } }
  /// Whether a step writes over a disk.
  package var destroys: Bool { steps.contains { $0.destroys } }
  /// Whether a step needs the volume's key, and none makes it before.
  package var needsKey: Bool {
    for step in steps {
      if case .key = step { return false }
      if step.needsKey { return true }
    }
    return false
  }

  mutating func add(_ step: @autoclosure () -> Step, unless done: Bool) {
    if !done { steps.append(step()) }
  }
}
