import Glibc

/// Finds the files of a unit where systemd looks for them, and does not ask it: for the gate, which
/// starts no program and waits for nothing.
struct UnitSearch {
  /// Where systemd looks, the first place first: systemd.unit(5), "System Unit Search Path".
  static let folders =
    [
      "/etc/systemd/system.control", "/run/systemd/system.control", "/run/systemd/transient",
      "/run/systemd/generator.early", "/etc/systemd/system", "/etc/systemd/system.attached",
      "/run/systemd/system", "/run/systemd/system.attached", "/run/systemd/generator",
      "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system",
      "/run/systemd/generator.late",
    ]

  var folders = Self.folders

  /// The unit's own file, then its drop-ins in the order of their names. Of several with one name the
  /// first counts.
  func files(of unit: String) -> [String] {
    let names = Self.names(of: unit)
    let places = names.flatMap { name in folders.map { "\($0)/\(name)" } }
    let own = places.first { path in access(path, F_OK) == 0 }
    var dropIns: [String: String] = [:]
    for folder in dropInFolders(names) {
      for name in Directories.names(in: folder) ?? [] where name.hasSuffix(".conf") {
        dropIns[name] = dropIns[name] ?? "\(folder)/\(name)"
      }
    }
    let sorted = dropIns.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    return [own].compactMap(\.self) + sorted.map(\.value)
  }

  /// `es@one.service` is made of `es@.service`.
  private static func names(of unit: String) -> [String] {
    guard let sign = unit.firstIndex(of: "@"), let dot = unit.lastIndex(of: "."), sign < dot else {
      return [unit]
    }
    return [unit, "\(unit[...sign])\(unit[dot...])"]
  }

  /// Also those of all units that begin alike (`es-.service.d` for `es-one.service`), and of all
  /// services.
  private func dropInFolders(_ names: [String]) -> [String] {
    let alike = names.flatMap { name in
      name.indices.reversed().filter { name[$0] == "-" }.map { "\(name[...$0]).service" }
    }
    let all = names + alike
    return folders.flatMap { folder in all.map { "\(folder)/\($0).d" } }
      + folders.map { "\($0)/service.d" }
  }
}
