import Glibc
import SystemPackage

/// Looks at the files and the states of the units that open a volume at boot.
struct UnitsSurvey {
  let spec: VolumeSpec
  /// esvault's own path.
  let program: String?

  /// The units that systemd is asked about, in one question: each costs time at boot.
  static func units(of spec: VolumeSpec) -> [String] {
    [spec.service, BootUnits.unlock, UnitName.mount(at: spec.mount)]
  }

  /// - Parameter shown: what systemd says of ``units(of:)``.
  func facts(_ shown: [SystemdUnit]) -> UnitsFacts {
    var facts = UnitsFacts()
    // The paths follow from the spec alone.
    let wanted = BootUnits(name: spec.name, mount: spec.mount, service: spec.service, program: "/")
    for file in wanted.files { facts.files[file.path] = UnitFileFacts(at: file.path) }
    facts.isEnabled = shown.dropFirst().first?.isEnabled ?? false
    facts.isStale = shown.contains { $0.isStale }
    facts.program = program
    if case .credential(let name) = spec.key.recorded {
      facts.credential = CredentialStore().place(of: name)
    }
    return facts
  }

  /// Where the running program is.
  static func ownProgram() -> String? {
    guard let path = try? FilePath.target(of: "/proc/self/exe") else { return nil }
    // An upgrade in the meantime has put another in its place.
    let suffix = " (deleted)"
    return path.hasSuffix(suffix) ? String(path.dropLast(suffix.count)) : path
  }
}

extension UnitFileFacts {
  init(at path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      self =
        [ENOENT, ENOTDIR].contains(errno)
        ? .absent : .unreadable("\(FileError("look at", path, errno))")
      return
    }
    do {
      if status.st_mode & S_IFMT == S_IFLNK {
        self = .link(to: try FilePath.target(of: path))
      } else {
        self = .text(String(decoding: try AtomicFile(path).bytes() ?? [], as: UTF8.self))
      }
    } catch {
      self = .unreadable("\(error)")
    }
  }
}
