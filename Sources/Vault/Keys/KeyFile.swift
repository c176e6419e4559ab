import Glibc
import LUKS
import SystemPackage

/// A key in a file: read whole, byte for byte, as cryptsetup(8) reads key files.
package struct KeyFile: StoredKey {
  package let path: String

  package init(_ path: String) {
    self.path = path
  }

  package var name: String { "key file '\(path)'" }

  package func withKey<Result>(_ work: (borrowing Secret) throws -> Result) throws -> Result {
    let key: Secret
    do {
      let file = try FileDescriptor.open(
        path, .readOnly, options: [.closeOnExec, .noFollow, .nonBlocking])
      defer { try? file.close() }
      try checkOpened(file)
      key = try Secret.read(from: file, named: path)
    } catch let error as Errno {
      throw refusal("\(error)")
    } catch let error as LUKSError {
      throw refusal(error.description)
    }
    return try work(key)
  }

  /// The file may be another than the one that was looked at when the plan was made.
  private func checkOpened(_ file: FileDescriptor) throws {
    var status = stat()
    guard fstat(file.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
    if case .unusable(let why) = facts(of: status) { throw refusal(why) }
  }

  /// Writes the file and its name to the disk: whoever made it a moment ago may not have.
  package func makeDurable() throws {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard file >= 0 else { throw FileError("open", path, errno) }
    defer { close(file) }
    // A filesystem in memory may have nothing to sync.
    guard fsync(file) == 0 || errno == EINVAL else { throw FileError("sync", path, errno) }
    try Directories.sync(FilePath(path).removingLastComponent().string)
  }

  private func refusal(_ why: String) -> Refusal {
    Refusal("the key file '\(path)' cannot be used: \(why)", advice: advice)
  }

  package var advice: String {
    "A key file is a plain file of root with mode 0400 and 1 byte to 8 MiB."
  }

  /// What can be said about the file without reading the key.
  package func facts() -> KeyFacts { look(facts(of:)) }

  /// The same of a file that anybody may read, because nobody can without this machine's own key.
  func factsOfCiphertext() -> KeyFacts { look(form(of:)) }

  private func look(_ judge: (stat) -> KeyFacts) -> KeyFacts {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      return errno == ENOENT ? .absent : .unusable("\(Errno(rawValue: errno))")
    }
    return judge(status)
  }

  private func facts(of status: stat) -> KeyFacts {
    guard status.st_mode & S_IFMT == S_IFREG else { return form(of: status) }
    if status.st_uid != geteuid() { return .unusable("it belongs to user \(status.st_uid)") }
    if status.st_mode & 0o077 != 0 {
      let mode = String(status.st_mode & 0o777, radix: 8)
      return .unusable(
        "others than its owner may use it (mode 0\(mode)); repair with: chmod 0400 \(path)")
    }
    return form(of: status)
  }

  /// Whether it is a plain file of a possible size.
  private func form(of status: stat) -> KeyFacts {
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: return .unusable("it is a directory")
    case S_IFLNK: return .unusable("it is a symbolic link")
    default: return .unusable("it is not a plain file")
    }
    if status.st_size == 0 { return .unusable("it is empty") }
    if status.st_size > Secret.maximumBytes { return .unusable("it has more than 8 MiB") }
    return .usable
  }
}
