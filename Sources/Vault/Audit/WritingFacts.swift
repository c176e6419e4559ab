/// What decides, beside the places themselves, whether the data stays behind encryption.
package struct WritingFacts: Equatable, Sendable {
  /// How the memory of each service may reach a disk.
  package var services: [ServiceMemory] = []
  /// Data directories that no service writes to any more.
  package var leftBehind: [AuditedPlace] = []
  package var coreDumps = CoreDumpHandler.kernel

  package init() {}
}

/// How the memory of a service may reach a disk: swapped out, or in a core dump.
package struct ServiceMemory: Equatable, Sendable {
  /// The unit.
  package var service: String
  /// Whether Elasticsearch is told to lock its memory: `bootstrap.memory_lock`.
  package var locksMemory = false
  /// How much the node has locked, in bytes; nil while it does not run.
  package var locked: UInt64?
  /// How much it has to lock: the heap, in bytes; nil where that is not known.
  package var heap: UInt64?
  /// Whether the unit may lock as much as it likes.
  package var mayLockAll = false
  /// Whether its control group may swap nothing out.
  package var isKeptFromSwap = false
  /// How large a core dump of the unit, and of each of its processes, may be.
  package var coreLimits: [CoreLimit] = []

  package init(service: String) { self.service = service }
}

extension ServiceMemory {
  /// Why nothing of it is swapped out; nil where it may be.
  ///
  /// Elasticsearch locks what Java has when it starts; what comes later, buffers outside of the heap,
  /// it does not (`mlockall` with `MCL_CURRENT`; read in the source of 7.1 and 9.5).
  var reasonNotToSwap: String? {
    if isKeptFromSwap { return "the control group of '\(service)' may swap nothing out" }
    guard locksMemory else { return nil }
    if let locked {
      guard let heap, locked >= heap, locked > 0 else { return nil }
      return "'\(service)' has \(locked >> 20) MiB of memory locked"
    }
    return mayLockAll ? "'\(service)' will lock its memory" : nil
  }
}

/// How large a core dump may be, and of whom.
package struct CoreLimit: Equatable, Sendable {
  /// A phrase: "the unit 'elasticsearch.service'", "process 812".
  package var subject: String
  /// In bytes, `unlimited` or `infinity`; nil where it cannot be seen.
  package var limit: String?

  package init(subject: String, limit: String?) {
    self.subject = subject
    self.limit = limit
  }
}

/// Who gets a core dump: `kernel.core_pattern` (core(5)).
package enum CoreDumpHandler: Equatable, Sendable {
  /// The kernel writes a file, if the process's limit lets it.
  case kernel
  /// systemd-coredump(8), which obeys the limit as well.
  case systemd
  /// Another program: the kernel hands everything to it whatever the limit is, and what it does with it
  /// only itself knows.
  case program(String)
  /// A program that throws it away, or a systemd-coredump that stores nothing.
  case nobody(String)
  case unknown(String)
}
