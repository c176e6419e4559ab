import Elasticsearch
import Glibc
import SystemPackage

/// What systemd knows about a unit.
struct SystemdUnit {
  /// systemctl answers from systemd's memory; a busy machine may take seconds.
  static let answerLimit = Duration.seconds(30)
  /// Reading all units again, with their generators, may take a minute.
  static let changeLimit = Duration.seconds(120)

  /// Its whole name.
  var name = ""
  var state: ServiceFacts
  /// Whether it was started, and has failed since.
  var hasFailed = false
  /// As `User=` has it: a name or a number.
  var user: String
  /// As `Group=` has it; nil for the user's own.
  var userGroup: String?
  /// What it starts.
  var program = ServiceProgram(nil)
  /// Its control group below `/sys/fs/cgroup`; nil while it does not run.
  var group: String?
  /// The files that define it: its own, then its drop-ins in their order.
  var files: [String] = []
  /// How much memory its control groups let it have, in bytes; nil for no limit.
  var memoryLimit: UInt64?
  /// Whether it is started at boot; nil where that is not for systemctl to change, as for a unit that
  /// says nothing about its installation.
  var isEnabled: Bool?
  /// Whether systemd has not read what its files say now.
  var isStale = false
  /// What the kernel lets its processes do, as far as systemd sets it.
  var limits = ServiceLimits()
  /// How its main process ended last.
  var ending = ServiceEnding()

  /// What its files say of the program that it starts. Reads them.
  func definition() -> ServiceDefinition { UnitEnvironment.definition(of: files, unit: name) }

  static func look(at unit: String) async -> SystemdUnit { await look(at: [unit])[0] }

  /// Asks about several units at once.
  ///
  /// - Returns: one for each, in the same order.
  static func look(at units: [String]) async -> [SystemdUnit] {
    do {
      let text = try await Program("systemctl").succeed(
        ["show", "--property=\(properties.joined(separator: ","))", "--"] + units,
        limit: answerLimit)
      let answers = text.split(separator: "\n\n").map { read(String($0)) }
      guard answers.count == units.count else {
        return units.map { _ in unknown("systemctl says nothing of some units") }
      }
      return zip(units, answers).map { name, answer in
        var unit = answer
        unit.name = UnitName.service(name)
        return unit
      }
    } catch {
      return units.map { _ in unknown("\(error)") }
    }
  }

  private static let properties =
    [
      "LoadState", "ActiveState", "UnitFileState", "NeedDaemonReload", "User", "ExecStart",
      "ControlGroup", "FragmentPath", "DropInPaths", "MemoryMax", "MemoryLimit", "Slice", "Group",
      "Result", "ExecMainStatus", "InvocationID",
    ] + ServiceLimits.properties

  private static func unknown(_ why: String) -> SystemdUnit {
    SystemdUnit(state: .unknown(why), user: Product.elasticsearch.word)
  }

  /// Reads one answer of `systemctl show`.
  static func read(_ text: String) -> SystemdUnit {
    var properties: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      properties[String(parts[0])] = parts.count == 2 ? String(parts[1]) : ""
    }
    func value(_ name: String) -> String? { properties[name].flatMap { $0.isEmpty ? nil : $0 } }
    let program = ServiceProgram(program(value("ExecStart")))
    return SystemdUnit(
      state: state(properties["LoadState"], properties["ActiveState"]),
      hasFailed: properties["ActiveState"] == "failed",
      user: value("User") ?? program.product.word, userGroup: value("Group"), program: program,
      group: value("ControlGroup"),
      files: [value("FragmentPath"), value("DropInPaths")].flatMap {
        // A path with a blank in it is not found, as systemctl does not say where it ends.
        ($0 ?? "").split(separator: " ").map(String.init)
      },
      memoryLimit: MemoryLimit(
        own: [value("MemoryMax"), value("MemoryLimit")], slice: value("Slice")
      ).bytes,
      isEnabled: isEnabled(properties["UnitFileState"]),
      isStale: properties["NeedDaemonReload"] == "yes", limits: ServiceLimits(value),
      ending: ServiceEnding(
        result: value("Result"), status: value("ExecMainStatus").flatMap { Int($0) },
        invocation: value("InvocationID")))
  }

  /// The states of systemctl(1), `is-enabled`. What is enabled in /run is not after a reboot.
  private static func isEnabled(_ state: String?) -> Bool? {
    switch state {
    case "enabled", "alias": true
    case "disabled", "enabled-runtime", "indirect", nil, "": false
    default: nil
    }
  }

  /// Whether a process of the unit has a file open below a directory; nil where that cannot be seen.
  ///
  /// A node keeps its `node.lock` open for as long as it runs: this is what tells a node that uses the
  /// directory from one that was told, somewhere, to use another.
  func hasOpen(below directory: String) -> Bool? {
    processes.map { $0.contains { Self.has($0, openBelow: directory) } }
  }

  /// The heap that a node was started with that has a directory open; nil where that cannot be seen.
  func heap(ofNodeIn directory: String) -> JVMHeap? {
    guard let node = processes?.first(where: { Self.has($0, openBelow: directory) }),
      let bytes = try? AtomicFile("/proc/\(node)/cmdline").bytes()
    else { return nil }
    return JVMHeap(options: bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) })
  }

  /// The numbers of its processes; nil where they cannot be seen.
  var processes: [String]? {
    guard let group else { return nil }
    // With cgroup v2 there is one hierarchy, with v1 systemd has one of its own.
    let lists = ["/sys/fs/cgroup", "/sys/fs/cgroup/systemd"].compactMap {
      try? AtomicFile($0 + group + "/cgroup.procs").bytes()
    }
    return lists.first.map {
      String(decoding: $0, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
    }
  }

  static func has(_ process: String, openBelow directory: String) -> Bool {
    let folder = "/proc/\(process)/fd"
    return (Directories.names(in: folder) ?? []).contains { name in
      (try? FilePath.target(of: "\(folder)/\(name)"))?.hasPrefix(directory + "/") ?? false
    }
  }

  private static func state(_ load: String?, _ active: String?) -> ServiceFacts {
    // What is masked, or has lost its file, may run all the same.
    if let active, active != "inactive", active != "failed" { return .running }
    guard load == "loaded" else { return .missing }
    return active == nil ? .running : .stopped
  }

  /// From `{ path=/usr/share/elasticsearch/bin/elasticsearch ; argv[]=… }`.
  private static func program(_ start: String?) -> String? {
    let words = (start ?? "").split(separator: " ")
    return words.first { $0.hasPrefix("path=/") }.map { String($0.dropFirst("path=".count)) }
  }
}

/// How a service's main process ended, as systemd says (systemd.exec(5), "Process Exit Codes").
struct ServiceEnding: Equatable {
  /// `success`, `exit-code`, `signal` and others.
  var result: String?
  var status: Int?
  /// The number of this start, by which the journal knows its lines.
  var invocation: String?

  /// Elasticsearch ends with `EX_CONFIG` of sysexits.h(3head) where its bootstrap checks fail, or its
  /// settings cannot be (`ExitCodes.CONFIG`; read in the source of 7.1 and 9.5).
  var isConfigurationError: Bool { result == "exit-code" && status == 78 }
}
