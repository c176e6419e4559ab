/// How much memory a service may have, whatever the machine has.
///
/// Java counts as Elasticsearch does: where a control group has a limit, that is the machine's memory
/// (`OperatingSystemMXBean.getTotalMemorySize`; its own group's, from JDK 24 on also those above; read
/// in the source, not run). What lies above limits the service all the same, so the least of all
/// counts here: of the unit, its slices, and the container that systemd may run in.
struct MemoryLimit {
  /// In bytes; nil for no limit.
  let bytes: UInt64?

  /// - Parameters:
  ///   - own: what systemd says of the unit: numbers of bytes, or `infinity`. Unlike a control group it
  ///     is there before the service runs.
  ///   - slice: the unit's slice: `system.slice`.
  init(own: [String?], slice: String?) {
    let groups = [""] + Self.folders(of: slice ?? "system.slice")
    let above = groups.flatMap { group in
      // As cgroup v2 and v1 have it.
      ["/sys/fs/cgroup\(group)/memory.max", "/sys/fs/cgroup/memory\(group)/memory.limit_in_bytes"]
        .map(Self.limit)
    }
    bytes = (own.map { $0.flatMap { UInt64($0) } } + above).compactMap(\.self).min()
  }

  /// A slice's control groups from the top: `/a.slice`, `/a.slice/a-b.slice` (systemd.slice(5)).
  static func folders(of slice: String) -> [String] {
    guard slice.hasSuffix(".slice"), slice != "-.slice" else { return [] }
    var (folders, name) = ([String](), "")
    for part in slice.dropLast(".slice".count).split(separator: "-") {
      name += name.isEmpty ? part : "-" + part
      folders.append((folders.last ?? "") + "/\(name).slice")
    }
    return folders
  }

  private static func limit(_ path: String) -> UInt64? {
    guard let text = try? AtomicFile(path).bytes() else { return nil }
    return UInt64(String(decoding: text.prefix { $0 != 0x0a }, as: UTF8.self))
  }
}
