import SystemPackage

/// dpkg's list of packages, from which a version is known without running anything (dpkg(1),
/// deb-control(5)): paragraphs of `Key: value` lines with an empty line after each.
///
/// The list has megabytes: it is read in pieces, and only the lines that matter are looked at.
package struct DpkgStatus {
  package static let path = "/var/lib/dpkg/status"
  private let names: Set<String>
  private var package = ""
  private var version = ""
  private var isInstalled = false
  private var found: String?

  private init(_ names: [String]) { self.names = Set(names) }

  /// The version of the first of these packages that is installed, without the packager's parts:
  /// `1:8.17.0-2` is 8.17.0. Nil if there is none, or no such list.
  package static func version(of names: [String], in path: String = path) -> String? {
    var status = DpkgStatus(names)
    guard let file = try? FileDescriptor.open(path, .readOnly, options: .closeOnExec) else {
      return nil
    }
    let text = try? file.closeAfter { try status.scan(file) }
    return text ?? nil
  }

  private mutating func scan(_ file: FileDescriptor) throws -> String? {
    var chunk = [UInt8](repeating: 0, count: 256 << 10)
    var line: [UInt8] = []
    while found == nil {
      let count = try chunk.withUnsafeMutableBytes { try file.read(into: $0) }
      if count == 0 { break }
      var rest = chunk[..<count]
      while let end = rest.firstIndex(of: 0x0A) {
        take(line + rest[..<end])
        line = []
        rest = rest[(end + 1)...]
      }
      line += rest
    }
    take(line)
    take([])
    return found
  }

  private mutating func take(_ line: [UInt8]) {
    guard found == nil else { return }
    if line.isEmpty { return endParagraph() }
    // Most lines are of descriptions and dependencies.
    guard let first = line.first, [0x50, 0x53, 0x56].contains(first) else { return }
    let text = String(decoding: line, as: UTF8.self)
    if text.hasPrefix("Package: ") {
      package = String(text.dropFirst("Package: ".count))
    } else if text.hasPrefix("Status: ") {
      // Wanted, whether an error occurred, and how it stands.
      isInstalled = text.hasSuffix(" installed")
    } else if text.hasPrefix("Version: ") {
      version = String(text.dropFirst("Version: ".count))
    }
  }

  private mutating func endParagraph() {
    if names.contains(package), isInstalled, !version.isEmpty { found = Self.upstream(version) }
    (package, version, isInstalled) = ("", "", false)
  }

  /// What stands between the epoch and the revision (deb-version(7)).
  private static func upstream(_ version: String) -> String {
    let parts = version.split(separator: ":", maxSplits: 1)
    let withoutEpoch = parts.last.map(String.init) ?? version
    guard let dash = withoutEpoch.lastIndex(of: "-") else { return withoutEpoch }
    return String(withoutEpoch[..<dash])
  }
}
