import Glibc

/// dpkg's list of packages, from which a version is known without running anything (dpkg(1),
/// deb-control(5)): paragraphs of `Key: value` lines with an empty line after each.
///
/// The list has megabytes, and is looked at while a machine boots: it is mapped, and of its lines
/// only those of the package are read.
package struct DpkgStatus: ~Copyable {
  package static let path = "/var/lib/dpkg/status"
  private let bytes: UnsafeRawBufferPointer

  /// The version of the first of these packages that is installed, without the packager's parts:
  /// `1:8.17.0-2` is 8.17.0. Nil if there is none, or no such list.
  package static func version(of names: [String], in path: String = path) -> String? {
    guard let status = DpkgStatus(path) else { return nil }
    for name in names {
      if let version = status.version(of: name) { return version }
    }
    return nil
  }

  /// dpkg replaces the file as a whole: what is mapped stays as it is.
  private init?(_ path: String) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_size > 0,
      let start = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, file, 0),
      start != MAP_FAILED
    else { return nil }
    bytes = UnsafeRawBufferPointer(start: start, count: Int(status.st_size))
  }

  deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }

  private func version(of name: String) -> String? {
    let first = Array("Package: \(name)".utf8)
    var paragraph: [Substring]?
    var start = 0
    while start < bytes.count {
      let end = endOfLine(from: start)
      if paragraph != nil {
        if end == start { break }
        paragraph?.append(line(start, end))
      } else if bytes[start..<end].elementsEqual(first) {
        paragraph = []
      }
      start = end + 1
    }
    func value(_ key: String) -> Substring? {
      paragraph?.first { $0.hasPrefix(key + ": ") }?.dropFirst(key.count + 2)
    }
    // Wanted, whether an error occurred, and how it stands.
    guard value("Status")?.hasSuffix(" installed") == true else { return nil }
    return value("Version").map(Self.upstream)
  }

  private func endOfLine(from start: Int) -> Int {
    guard let base = bytes.baseAddress, let end = memchr(base + start, 0x0A, bytes.count - start)
    else { return bytes.count }
    return UnsafeRawPointer(end) - base
  }

  private func line(_ start: Int, _ end: Int) -> Substring {
    String(decoding: bytes[start..<end], as: UTF8.self)[...]
  }

  /// What stands between the epoch and the revision (deb-version(7)).
  private static func upstream(_ version: Substring) -> String {
    let withoutEpoch = version.split(separator: ":", maxSplits: 1).last ?? version
    let end = withoutEpoch.lastIndex(of: "-") ?? withoutEpoch.endIndex
    return String(withoutEpoch[..<end])
  }
}
