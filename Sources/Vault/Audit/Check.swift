/// One statement that an audit tests. Each stands in a file of its own in `Audit/Checks`, which is also
/// its documentation.
package struct Check: Sendable {
  /// As in `--check ID`: lower case, words joined by `-`.
  package let id: String
  package let severity: Severity
  /// What holds when it passes, as one sentence.
  package let statement: String
  /// Why it matters: what happens to the data where it does not hold.
  package let reason: String
  /// The controls that it gives evidence for; never a claim of compliance.
  package let controls: [Control]
  /// A pure function of what was seen: one observation for each subject, none where the machine has
  /// no such subject.
  package let judge: @Sendable (AuditFacts) -> [Observation]

  package init(
    _ id: String, _ severity: Severity, _ statement: String, reason: String,
    controls: [Control] = [], judge: @escaping @Sendable (AuditFacts) -> [Observation]
  ) {
    self.id = id
    self.severity = severity
    self.statement = statement
    self.reason = reason
    self.controls = controls
    self.judge = judge
  }
}

extension Check {
  /// The checks of a machine, in the order of a report.
  package static let ofMachine: [Check] = [
    // Where the data goes.
    .dataPath, .logPath, .heapDumps, .gcLogs, .temporaryFiles, .snapshotRepositories, .coreDumps,
    .swap, .leftBehindData,
    // How well it is encrypted.
    .luks2, .cipher, .liveMapping, .keyslots, .foreignKeyslots, .reencryption, .headerCopies,
    .journal,
    // Whether it will come back.
    .unlockUnit, .gate, .mountGuard, .keyFile, .keyPlace, .key,
    // Whether it is Elasticsearch's.
    .volumeConfigured, .nodeState, .openFiles, .ownership, .heap,
  ]
  /// The checks of detached disks, images and snapshots (`--image`).
  package static let ofImages: [Check] = [
    .imageEncrypted, .imageSample, .imageOldPlaintext,
  ]

  package static let all = ofMachine + ofImages
}

/// A requirement of a standard that a check gives evidence for. Only controls whose text is known for
/// certain stand here.
package enum Control: String, Sendable, CaseIterable {
  case protectionAtRest = "NIST SP 800-53 Rev. 5, SC-28(1)"

  /// What the control asks for, in short.
  package var title: String {
    switch self {
    case .protectionAtRest:
      "Protection of information at rest: cryptographic protection"
    }
  }
}
