import Glibc
import SystemPackage

/// Links in the place of directories.
enum SymbolicLink {
  /// The first on the way from a directory to a path below it; nil where there is none.
  static func first(below directory: String, to path: String) -> String? {
    var place = directory
    for part in AbsolutePath.parts(of: path, below: directory) {
      place += "/\(part)"
      var status = stat()
      guard lstat(place, &status) == 0 else { return nil }
      if status.st_mode & S_IFMT == S_IFLNK { return place }
    }
    return nil
  }
}

extension FilePath {
  /// Where a symbolic link leads.
  static func target(of link: String) throws -> String {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(link, &buffer, buffer.count)
    guard count >= 0 else { throw FileError("read the link", link, errno) }
    return String(decoding: buffer[..<count], as: UTF8.self)
  }

  /// The same path without links, `.` and `..`; nil where it leads nowhere, and `errno` says why.
  /// The corresponding C function is `realpath`.
  static func real(_ path: String) -> String? {
    guard let pointer = realpath(path, nil) else { return nil }
    defer { free(pointer) }
    return String(cString: pointer)
  }
}
