import SystemPackage

/// Looks at who gets core dumps on this machine, and where they are put.
struct CoreDumpSurvey {
  let handler: CoreDumpHandler
  private let pattern: String
  /// Where systemd-coredump stores; nil for others.
  private let storage: String?

  init() {
    do {
      // Longer than the kernel lets it be, and a file that is always there.
      let bytes = try AtomicFile("/proc/sys/kernel/core_pattern").bytes() ?? []
      let text = String(decoding: bytes.prefix { $0 != 0x0a }, as: UTF8.self)
      self.init(pattern: text, storage: Self.storage())
    } catch {
      self.init(handler: .unknown("\(error)"))
    }
  }

  private init(handler: CoreDumpHandler) {
    self.handler = handler
    (pattern, storage) = ("", nil)
  }

  /// - Parameters:
  ///   - pattern: `kernel.core_pattern`.
  ///   - storage: what `Storage=` of coredump.conf(5) says.
  init(pattern: String, storage: String) {
    self.pattern = pattern
    let program = pattern.dropFirst().split(separator: " ").first.map(String.init) ?? ""
    let name = program.split(separator: "/").last.map(String.init) ?? ""
    switch name {
    case _ where !pattern.hasPrefix("|"): handler = .kernel
    case "systemd-coredump":
      handler = storage == "none" ? .nobody("systemd-coredump, with Storage=none") : .systemd
    case "false", "true": handler = .nobody(program)
    default: handler = .program(program)
    }
    self.storage = handler == .systemd ? storage : nil
  }

  /// Where core dumps of a process are put that works in a directory.
  func folders(working: String) -> [WrittenPath] {
    let origin = "kernel.core_pattern '\(pattern)'"
    func place(_ path: String) -> WrittenPath {
      WrittenPath(purpose: .coreDumps, path: path, origin: origin)
    }
    switch handler {
    case .kernel:
      return [place(FilePath(working).pushing(FilePath(pattern)).removingLastComponent().string)]
    case .systemd:
      return [place(storage == "journal" ? "/var/log/journal" : "/var/lib/systemd/coredump")]
    case .program, .nobody, .unknown: return []
    }
  }

  /// The last that says it counts: the main file, then the drop-ins sorted by their names, wherever they
  /// are (coredump.conf(5)).
  private static func storage() -> String {
    let roots = ["/etc", "/run", "/usr/lib"].map { $0 + "/systemd" }
    let dropIns = roots.flatMap { root in
      (Directories.names(in: "\(root)/coredump.conf.d") ?? []).filter { $0.hasSuffix(".conf") }
        .map { (name: $0, path: "\(root)/coredump.conf.d/\($0)") }
    }.sorted { $0.name < $1.name }.map(\.path)
    let values = (["/etc/systemd/coredump.conf"] + dropIns).flatMap { path -> [String] in
      guard let bytes = try? AtomicFile(path).bytes() else { return [] }
      return UnitFile(path: path, text: String(decoding: bytes, as: UTF8.self)).assignments
        .filter { $0.section == "Coredump" && $0.key == "Storage" }.map(\.value)
    }
    return values.last ?? "external"
  }
}
