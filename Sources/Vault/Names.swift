import SystemPackage

/// What may name a volume.
package enum VolumeName {
  /// Letters, digits, `-` and `_`, at most 39: the LUKS2 label `esvault:<name>` has room for 47
  /// bytes, and a device-mapper name and a file name must be spared all other characters. Not `control`:
  /// `/dev/mapper/control` is device-mapper's own.
  package static func isValid(_ name: String) -> Bool {
    (1...39).contains(name.utf8.count) && !name.hasPrefix("-") && name != "control"
      && name.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0)
          || $0 == 0x2d || $0 == 0x5f
      }
  }

  /// The LUKS label of the volume with that name.
  package static func label(_ name: String) -> String { "esvault:\(name)" }
  /// The LUKS subsystem of every volume.
  package static let subsystem = "esvault"
}

/// A UUID as programs write it.
enum UUIDText {
  static func isValid(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: 0x2d, omittingEmptySubsequences: false)
    return parts.map(\.count) == [8, 4, 4, 4, 12]
      && parts.joined().allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x46).contains($0) || (0x61...0x66).contains($0)
      }
  }
}

/// What may be a path in a spec, a configuration or a token.
package enum AbsolutePath {
  /// Whether the path begins at the root and has no empty, `.` or `..` part, no trailing slash and no
  /// control character.
  package static func isNormalised(_ path: String) -> Bool {
    // Bytes, as the kernel sees them: a combining accent hides the slash before it from Swift.
    let bytes = path.utf8
    guard bytes.first == 0x2f, bytes.count < 4096 else { return false }
    let parts = bytes.dropFirst().split(separator: 0x2f, omittingEmptySubsequences: false)
    return parts.allSatisfy { part in
      !part.isEmpty && !part.elementsEqual([0x2e]) && !part.elementsEqual([0x2e, 0x2e])
        && part.allSatisfy { $0 >= 0x20 && $0 != 0x7f }
    }
  }

  /// Whether one path lies below another, as text.
  package static func isBelow(_ path: String, _ parent: String) -> Bool {
    path.utf8.starts(with: (parent == "/" ? "/" : parent + "/").utf8) && path != parent
  }

  /// The names on the way from a directory to a path below it.
  static func parts(of path: String, below directory: String) -> [String] {
    path.utf8.dropFirst(directory.utf8.count).split(separator: 0x2f).map { String(Substring($0)) }
  }

  /// A path below a directory, in the same place below another one.
  static func moved(_ path: String, from directory: String, to other: String) -> String {
    other + "/" + parts(of: path, below: directory).joined(separator: "/")
  }

  /// Where a path leads for a program that runs in a directory, as text: without `.` and `..`, as Java
  /// normalises it (`Environment` in Elasticsearch's source).
  static func resolved(_ path: String, from directory: String) -> String {
    FilePath(directory).pushing(FilePath(path)).lexicallyNormalized().string
  }

  /// Whether files there do not outlive a reboot (file-hierarchy(7)).
  package static func isVolatile(_ path: String) -> Bool {
    ["/run", "/tmp", "/dev", "/proc", "/sys", "/var/run", "/var/tmp"].contains { isBelow(path, $0) }
  }

  /// Where a volume may be mounted: never over a directory that the system itself lives in.
  package static func mayBeMountPoint(_ path: String) -> Bool {
    guard isNormalised(path) else { return false }
    let system = [
      "/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/root", "/run", "/sbin", "/sys",
      "/usr", "/var/lib/esvault",
    ]
    let roots = ["/home", "/mnt", "/media", "/opt", "/srv", "/tmp", "/var", "/var/lib", "/var/log"]
    return !system.contains { path == $0 || isBelow(path, $0) } && !roots.contains(path)
  }
}
