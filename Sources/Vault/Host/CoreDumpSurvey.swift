import BlockDevices
import Glibc
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
    // Who listens at a socket is a program, too (core(5), since Linux 6.16).
    case _ where pattern.hasPrefix("@"): handler = .program(pattern)
    case _ where !pattern.hasPrefix("|"): handler = .kernel
    case "systemd-coredump":
      handler = storage == "none" ? .nobody("systemd-coredump, with Storage=none") : .systemd
    case "false", "true": handler = .nobody(program)
    default: handler = .program(program)
    }
    self.storage = handler == .systemd ? storage : nil
  }

  /// Where core dumps of a process are put that works in a directory.
  func folders(working: Result<String, WrittenPaths.SettingsFailure>) -> [WrittenPath] {
    let origin = "kernel.core_pattern '\(pattern)'"
    func place(_ path: String, _ problem: String? = nil) -> WrittenPath {
      WrittenPath(purpose: .coreDumps, path: path, origin: origin, problem: problem)
    }
    switch handler {
    case .kernel:
      let file = FilePath(pattern)
      if file.isAbsolute { return [place(file.removingLastComponent().string)] }
      switch working {
      case .success(let folder):
        return [place(FilePath(folder).pushing(file).removingLastComponent().string)]
      case .failure(let error): return [place(pattern, error.why)]
      }
    case .systemd:
      return [place(storage == "journal" ? "/var/log/journal" : "/var/lib/systemd/coredump")]
    case .program, .nobody, .unknown: return []
    }
  }

  /// The directories in which the folders are that ``folders(working:)`` names: the kernel goes by those of
  /// the process that dies, systemd-coredump by its own.
  func tree(
    _ own: DirectoryTree, ofService tree: Result<DirectoryTree, WrittenPaths.SettingsFailure>
  ) -> Result<DirectoryTree, WrittenPaths.SettingsFailure> {
    handler == .systemd ? .success(own) : tree
  }

  /// The last that says it counts: the main file, then the drop-ins sorted by their names, wherever they
  /// are; of several with one name the first place counts (coredump.conf(5)).
  ///
  /// - Parameter root: what stands before each path.
  static func storage(below root: String = "") -> String {
    let places = ["/etc", "/run", "/usr/local/lib", "/usr/lib"].map { "\(root)\($0)/systemd/" }
    func first(_ name: String) -> String? {
      places.lazy.map { $0 + name }.first { access($0, F_OK) == 0 }
    }
    let dropIns = places.flatMap { Directories.names(in: $0 + "coredump.conf.d") ?? [] }
      .filter { $0.hasSuffix(".conf") }
    let names = ["coredump.conf"] + Set(dropIns).sorted().map { "coredump.conf.d/\($0)" }
    let values = names.compactMap(first).flatMap { path -> [String] in
      guard let bytes = try? AtomicFile(path).bytes() else { return [] }
      return UnitFile(path: path, text: String(decoding: bytes, as: UTF8.self)).assignments
        .filter { $0.section == "Coredump" && $0.key == "Storage" }.map(\.value)
    }
    return values.last ?? "external"
  }
}
