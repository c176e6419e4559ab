import BlockDevices

/// What holds for every mount table.
///
/// The first line of the input is a path that is looked for in the rest.
enum MountTableProperties {
  static func check(_ input: [UInt8]) throws(BrokenProperty) {
    let parts = input.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
    let path = String(decoding: parts[0], as: UTF8.self)
    let text = String(decoding: parts.count > 1 ? parts[1] : [], as: UTF8.self)
    let table: MountTable
    do {
      table = try MountTable.parse(text)
    } catch {
      _ = error.description
      return
    }
    let lines = text.utf8.split(separator: 0x0A)
    try demand(table.mounts.count == lines.count, "every line is a mount")
    for (mount, line) in zip(table.mounts, lines) {
      let fields = line.split(omittingEmptySubsequences: false) { $0 == 0x20 || $0 == 0x09 }
      try demand(
        escaped(mount.target).elementsEqual(unified(fields[4])), "the target is the line's")
      try demand(escaped(mount.root).elementsEqual(unified(fields[3])), "the root is the line's")
    }
    try check(path, in: table)
    for mount in table.mounts.prefix(12) { try check(mount.target, in: table) }
  }

  private static func check(_ path: String, in table: MountTable) throws(BrokenProperty) {
    guard let mount = table.mount(containing: path) else { return }
    let (path, target) = (Array(path.utf8), Array(mount.target.utf8))
    try demand(
      path == target || target == [0x2F] || path.starts(with: target + [0x2F]),
      "a path lies at or below the target of its mount")
  }

  /// As the kernel writes a name (seq_path in fs/seq_file.c), and every byte below a blank besides.
  private static func escaped(_ name: String) -> [UInt8] { name.utf8.flatMap(escaped) }

  private static func escaped(_ byte: UInt8) -> [UInt8] {
    guard byte <= 0x20 || byte == 0x5C else { return [byte] }
    return [0x5C] + [byte >> 6, byte >> 3 & 7, byte & 7].map { 0x30 + $0 }
  }

  /// A field with every escape in that one form: what is escaped without need, and what is not escaped
  /// in spite of it. Bytes that are no UTF-8 become what Swift makes of them.
  private static func unified(_ field: Substring.UTF8View) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = Array(field)[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(3).map { Int($0) - 0x30 }
      let value = digits.reduce(0) { $0 * 8 + $1 }
      if byte == 0x5C, digits.count == 3, digits.allSatisfy((0...7).contains), value < 256 {
        bytes.append(UInt8(value))
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return escaped(String(decoding: bytes, as: UTF8.self))
  }
}
