extension Check {
  /// A core dump is a file of the kernel's or goes to a program, as `kernel.core_pattern` says (core(5)).
  /// The kernel obeys the limit of a process, and so does systemd-coredump(8), which else stores below
  /// `/var/lib/systemd/coredump`; to any other program the kernel hands everything, whatever the limit.
  static let coreDumps = Check(
    "core-dumps", .error, "Core dumps of Elasticsearch are not written, or go behind LUKS.",
    reason: "A core dump holds everything that was in memory: documents, queries, passwords, keys.",
    controls: [.protectionAtRest]
  ) { facts in
    facts.writing.services.map { facts.observation(ofCoreDumpsOf: $0) }
  }
}

extension AuditFacts {
  fileprivate func observation(ofCoreDumpsOf service: ServiceMemory) -> Observation {
    let subject = service.service
    let limits = service.coreLimits.map { "\($0.subject): \($0.limit ?? "not seen")" }
    let forbid = "Forbid them with LimitCORE=0, and restart it: systemctl edit \(subject.shellWord)"
    switch writing.coreDumps {
    case .nobody(let program):
      return .pass(subject, "core dumps are thrown away by \(program)", evidence: limits)
    case .unknown(let why):
      return .unknown(subject, why, advice: "Audit as root: sudo esvault audit")
    case .program(let program):
      return .unknown(
        subject, "core dumps go to '\(program)', and only it knows where it puts them",
        advice: "Have the kernel obey LimitCORE=0 instead: sysctl kernel.core_pattern=core",
        evidence: limits)
    case .kernel, .systemd: break
    }
    if service.coreLimits.allSatisfy({ $0.limit == "0" }) {
      return .pass(subject, "core dumps are forbidden", evidence: limits)
    }
    let homes = places.filter { $0.purpose == .coreDumps }
    if !homes.isEmpty, homes.allSatisfy({ $0.isEncrypted == true }) {
      return .pass(
        subject, "core dumps go behind LUKS or into memory", evidence: limits + homes.map(\.path))
    }
    guard let limit = service.coreLimits.first(where: { $0.limit != "0" && $0.limit != nil }) else {
      return .unknown(
        subject, "the limit of core dumps is not to be seen", advice: forbid, evidence: limits)
    }
    let home = homes.first { $0.isEncrypted != true }
    let place = home.map { " to '\($0.path)'" } ?? ""
    let message = "\(limit.subject) may write core dumps\(place)"
    guard home?.isEncrypted == false else {
      let why = home?.problem.map { ", and \($0)" } ?? ""
      return .unknown(subject, message + why, advice: forbid, evidence: limits)
    }
    return .fail(subject, "\(message), which is not encrypted", advice: forbid, evidence: limits)
  }
}
