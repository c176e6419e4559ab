import Glibc
import Vault

/// What commands that act print: plan and result on standard output, progress and advice on standard error.
final class PlanOutput {
  private let format: ReportFormat
  private var records: [StepRecord] = []
  private var volumes: [VolumeStatus] = []
  private var notes: [String] = []
  /// What other processes have done, as they report it.
  private var documents: [JSON] = []
  private var begun = 0
  private var lastPercent: UInt64 = 101

  init(format: ReportFormat) {
    self.format = format
  }

  /// - Parameter finished: what an empty plan means: "volume 'esvol' is finished".
  func plan(_ considered: Consideration, finished: String) {
    begun = 0
    for text in considered.plan.notes { note(text) }
    guard format == .table else { return }
    guard !considered.plan.steps.isEmpty else {
      return Terminal.print("\(finished): nothing to do")
    }
    Terminal.print("plan for volume '\(considered.spec.name)':")
    for step in considered.plan.steps {
      Terminal.print("  \(pad(step.id, 10))  \(step.subject): \(step.summary)")
    }
  }

  /// What a person should know.
  func note(_ text: String) {
    notes.append(text)
    Terminal.say("note: \(text)")
  }

  /// What is waited for, and how long at most.
  func waiting(_ refusal: Refusal, _ limit: Duration) {
    note("waiting up to \(limit.components.seconds) s: \(refusal.description)")
  }

  /// A step that begins or has ended.
  func step(_ record: StepRecord, of plan: Plan) {
    let name = "\(pad(record.step.id, 10))  \(record.step.subject)"
    switch record.state {
    case .planned:
      begun += 1
      let count = "\(begun)/\(plan.steps.count)"
      Terminal.say("\(String(repeating: " ", count: max(0, 5 - count.count)))\(count)   \(name)")
    case .done: Terminal.say("        \(pad("done", 10))  after \(seconds(record.duration))")
    case .failed: Terminal.say("        \(pad("failed", 10))  after \(seconds(record.duration))")
    }
  }

  func progress(_ done: UInt64, _ total: UInt64) {
    let percent = total == 0 ? 100 : done * 100 / total
    guard percent != lastPercent, isatty(2) == 1 || percent % 10 == 0 else { return }
    lastPercent = percent
    let line = "        \(readable(bytes: done)) of \(readable(bytes: total)) written, \(percent) %"
    if isatty(2) == 1 {
      Terminal.show("\r\(line)\(percent == 100 ? "\n" : "")")
    } else {
      Terminal.say(line)
    }
  }

  func add(_ records: [StepRecord], _ volume: VolumeStatus) {
    self.records += records
    volumes.removeAll { $0.name == volume.name }
    volumes.append(volume)
  }

  /// Takes the document of another process, which unlocked that volume.
  func add(_ name: String, document: String) {
    guard let document = JSON(parsing: document) else { return }
    documents.append(document)
    guard format == .table, document["refusal"] == .null, document["error"] == .null else { return }
    let isNew = document["changed"] == .bool(true)
    Terminal.print("volume '\(name)' is open and mounted\(isNew ? "" : ": nothing to do")")
  }

  /// Takes what has ended the work on one of several volumes.
  func add(failed spec: VolumeSpec, _ error: any Error) {
    if let refusal = error as? Refusal {
      documents.append(Self.json([], [], refusal))
    } else {
      documents.append(Self.json([], [], nil, error))
    }
  }

  /// Whether a step of this run was begun.
  var hasChanged: Bool {
    records.contains { $0.step.changes && $0.state != .planned }
      || documents.contains { $0["changed"] == .bool(true) }
  }

  /// Ends the output: JSON is one document, whatever happened.
  func finish(refusal: Refusal?, error: (any Error)? = nil) {
    guard format == .json else { return }
    let own = Self.json(records, volumes, refusal, error, notes: notes)
    Terminal.print(documents.reduce(own, Self.joined).text)
  }

  /// One document that says what both say: the first refusal and the first error stand for all.
  private static func joined(_ one: JSON, _ other: JSON) -> JSON {
    func list(_ member: String) -> JSON {
      .array((one[member]?.items ?? []) + (other[member]?.items ?? []))
    }
    func first(_ member: String) -> JSON {
      one[member] == .null ? other[member] ?? .null : one[member] ?? .null
    }
    let changed = [one, other].contains { $0["changed"] == .bool(true) }
    return .object([
      "schema": one["schema"] ?? .null, "changed": .bool(changed), "steps": list("steps"),
      "volumes": list("volumes"), "notes": list("notes"),
      "refusal": changed ? .null : first("refusal"),
      "error": changed && first("error") == .null ? first("refusal") : first("error"),
    ])
  }

  static func json(
    _ records: [StepRecord], _ volumes: [VolumeStatus], _ refusal: Refusal?,
    _ error: (any Error)? = nil, notes: [String] = []
  ) -> JSON {
    let failure = error.map { ($0 as? StepFailure) ?? StepFailure("\($0)", advice: "") }
    return .object([
      "schema": .string("esvault/plan/v1"),
      "changed": .bool(
        records.contains { $0.step.changes && ($0.state != .planned || refusal == nil) }),
      "steps": .array(records.map(json)), "volumes": .array(volumes.map(JSON.init)),
      "notes": .array(notes.map(JSON.string)),
      "refusal": refusal.map { json($0.description, $0.advice) } ?? .null,
      "error": failure.map { json($0.description, $0.advice) } ?? .null,
    ])
  }

  private static func json(_ description: String, _ advice: String) -> JSON {
    .object(["description": .string(description), "advice": .string(advice)])
  }

  private static func json(_ record: StepRecord) -> JSON {
    .object([
      "id": .string(record.step.id), "subject": .string(record.step.subject),
      "summary": .string(record.step.summary), "destroys": .bool(record.step.destroys),
      "state": .string(record.state.rawValue),
      "error": record.failure.map { json($0.description, $0.advice) } ?? .null,
    ])
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private func seconds(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    return "\(seconds).\(attoseconds / 100_000_000_000_000_000) s"
  }
}
