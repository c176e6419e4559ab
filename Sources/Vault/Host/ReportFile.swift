import Glibc
import SystemPackage

/// A file that a report is read from or written to; it belongs to whoever runs the program, and never
/// to the machine.
package struct ReportFile: Sendable {
  package let path: String

  package init(_ path: String) {
    self.path = path
  }

  /// The whole file; no pipe or device, and at most 16 MiB.
  package func bytes() throws -> [UInt8] {
    guard let bytes = try AtomicFile(path).bytes() else { throw FileError("read", path, ENOENT) }
    return bytes
  }

  /// Whether something stands in the way of writing it: a directory that is not there or cannot be
  /// written to; in the file's own place a directory, a device, a link. A link is not followed, for
  /// somebody else may have laid it into a directory that all may write to; and a name such as
  /// `/dev/null` must not be replaced by a file.
  package func checkIsReplaceable() throws {
    var status = stat()
    if lstat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFREG else { throw unsuited("it is not a regular file") }
    } else if errno != ENOENT {
      throw FileError("look at", path, errno)
    }
    guard !path.isEmpty, !path.hasSuffix("/") else { throw unsuited("it names no file") }
    guard access(directory.appending(".").string, W_OK | X_OK) == 0 else {
      throw FileError("write", path, errno)
    }
  }

  private func unsuited(_ why: String) -> StepFailure {
    StepFailure(
      "could not write '\(path)': \(why)",
      advice: "Name a file, or leave --output out to write to standard output.")
  }

  private var directory: FilePath { FilePath(path).removingLastComponent() }

  /// Refuses to replace one of the files that a report is made from: by this or any other name, for a
  /// replaced image is a lost one.
  ///
  /// - Throws: ``Refusal``.
  package func checkIsNone(of sources: [String]) throws {
    var own = stat()
    guard stat(path, &own) == 0 else { return }
    for source in sources {
      var other = stat()
      guard stat(source, &other) == 0, other.st_dev == own.st_dev, other.st_ino == own.st_ino
      else { continue }
      throw Refusal(
        "the file to write, '\(path)', is one to read, '\(source)'",
        advice: "Name another file with --output.")
    }
  }

  /// Writes the file whole under another name, and then gives it its own: whoever reads it at any
  /// time reads the old one or the new one.
  ///
  /// A new file can be read by everybody (mode 0644, whatever the umask): what collects metrics runs
  /// as a user of its own, and a report holds no secret. A file of the same owner keeps its mode; one
  /// that somebody else has put there becomes the writer's.
  package func replace(with bytes: some Sequence<UInt8>) throws {
    try checkIsReplaceable()
    // No suffix that a collector looks for, a name of this process's own, and never one too long.
    var template = Array(directory.appending(".esvault.XXXXXX").string.utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw FileError("write", path, errno) }
    let draft = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    do {
      defer { close(descriptor) }
      try fill(descriptor, with: bytes)
      guard rename(draft, path) == 0 else { throw FileError("replace", path, errno) }
    } catch {
      unlink(draft)
      throw error
    }
  }

  private func fill(_ descriptor: Int32, with bytes: some Sequence<UInt8>) throws {
    var status = stat()
    let isOwn = lstat(path, &status) == 0 && status.st_uid == geteuid()
    try FileError.wrap("write", path) {
      _ = try FileDescriptor(rawValue: descriptor).writeAll(bytes)
    }
    guard fchmod(descriptor, isOwn ? status.st_mode & 0o777 : 0o644) == 0 else {
      throw FileError("set the mode of", path, errno)
    }
    guard fsync(descriptor) == 0 else { throw FileError("sync", path, errno) }
  }
}
