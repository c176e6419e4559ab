import Glibc
import SystemPackage

/// Directories: made, synced, looked into.
enum Directories {
  /// Makes a directory and what is missing above it; directories that exist keep their mode.
  static func make(_ path: String, mode: mode_t) throws {
    let parent = FilePath(path).removingLastComponent().string
    if mkdir(path, mode) != 0 {
      if errno == EEXIST { return }
      guard errno == ENOENT, path != "/", !path.isEmpty else {
        throw FileError("create", path, errno)
      }
      try make(parent, mode: 0o755)
      guard mkdir(path, mode) == 0 || errno == EEXIST else {
        throw FileError("create", path, errno)
      }
    }
    try sync(parent)
  }

  /// Writes a directory's entries to the disk.
  static func sync(_ path: String) throws {
    let directory = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { throw FileError("open", path, errno) }
    defer { close(directory) }
    guard fsync(directory) == 0 else { throw FileError("sync", path, errno) }
  }

  /// The names in a directory, without `.` and `..`; nil where there is none.
  static func names(in path: String) -> [String]? {
    guard let directory = opendir(path) else { return nil }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
