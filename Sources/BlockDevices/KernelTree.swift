import Glibc

/// A folder of the kernel's small text files, such as /sys; what is not there is nil or empty.
struct KernelTree: Sendable {
  let root: String

  /// The text of a file without the blanks and zero bytes that pad it; nil when nothing remains.
  func text(_ path: String) -> String? {
    guard let bytes = bytes(path) else { return nil }
    let padding: Set<UInt8> = [0x00, 0x09, 0x0A, 0x0D, 0x20]
    let trimmed = bytes.drop { padding.contains($0) }.reversed().drop { padding.contains($0) }
    return trimmed.isEmpty ? nil : String(decoding: trimmed.reversed(), as: UTF8.self)
  }

  func bytes(_ path: String) -> [UInt8]? {
    try? Self.contents(of: "\(root)/\(path)")
  }

  func isSet(_ path: String) -> Bool { text(path).map { $0 != "0" } ?? false }

  func exists(_ path: String) -> Bool { access("\(root)/\(path)", F_OK) == 0 }

  /// Whether there is a folder, and no link to one.
  func isFolder(_ path: String) -> Bool {
    var status = stat()
    return lstat("\(root)/\(path)", &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The sorted names in a folder. The corresponding C function is `readdir`.
  func names(_ path: String) -> [String] {
    guard let folder = opendir("\(root)/\(path)") else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The path without links. The corresponding C function is `realpath`.
  static func resolve(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// A whole file; files of the kernel claim to have no length, so it is read until it ends.
  static func contents(of path: String) throws(BlockDeviceError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .failed(verb: "open", object: path, errno: errno) }
    defer { close(descriptor) }
    var contents: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count == 0 { return contents }
      if count > 0 {
        contents += buffer[..<count]
      } else if errno != EINTR {
        throw .failed(verb: "read", object: path, errno: errno)
      }
    }
  }
}
