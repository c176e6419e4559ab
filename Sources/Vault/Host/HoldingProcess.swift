import BlockDevices
import Glibc
import SystemPackage

/// A process, as far as it may hold a volume: /proc/PID (proc(5)).
struct HoldingProcess {
  let id: Int
  /// Its mount namespace, as in "mnt:[4026531841]".
  let namespace: String
  var folder: String { "/proc/\(id)" }

  init?(_ id: Int) {
    guard let namespace = try? FilePath.target(of: "/proc/\(id)/ns/mnt") else { return nil }
    self.id = id
    self.namespace = namespace
  }

  /// This process.
  static let own = HoldingProcess(Int(getpid()))!

  /// All others, in the order of their ids.
  static func all() -> [HoldingProcess] {
    let ids = (Directories.names(in: "/proc") ?? []).compactMap { Int($0) }.sorted()
    return ids.filter { $0 != Int(getpid()) }.compactMap { HoldingProcess($0) }
  }

  /// What the process calls itself, at most 15 bytes.
  var name: String {
    let bytes = (try? AtomicFile("\(folder)/comm").bytes()) ?? []
    return String(decoding: bytes.prefix { $0 != 0x0a }, as: UTF8.self)
  }

  /// Whether the process has anything of a device open.
  ///
  /// - Parameters:
  ///   - mounts: the device of every mount that is known, by its id.
  ///   - table: what is mounted in the process's own namespace.
  func holds(_ number: DeviceNumber, mounts: [Int: DeviceNumber], table: MountTable?) -> Bool {
    let places = ["cwd", "root", "exe"].compactMap { try? FilePath.target(of: "\(folder)/\($0)") }
    if places.contains(where: { table?.mount(containing: $0)?.number == number }) { return true }
    let files = Directories.names(in: "\(folder)/fd") ?? []
    return files.contains { isOpen($0, on: number, mounts) } || maps(number)
  }

  private func isOpen(_ file: String, on number: DeviceNumber, _ mounts: [Int: DeviceNumber])
    -> Bool
  {
    let link = "\(folder)/fd/\(file)"
    // Pipes, sockets and the like have no path.
    guard let path = try? FilePath.target(of: link), path.hasPrefix("/") else { return false }
    if path.hasPrefix("/dev/") {
      var status = stat()
      return stat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFBLK
        && DeviceNumber(status.st_rdev) == number
    }
    // The mount tells the device, without a question to a filesystem that may not answer.
    if let mount = mount(of: file), let device = mounts[mount] { return device == number }
    // A mount that was detached, and is in no table any more.
    var status = stat()
    return stat(link, &status) == 0 && DeviceNumber(status.st_dev) == number
  }

  /// The id of the mount that an open file lies on.
  func mount(of file: String) -> Int? {
    let bytes = (try? AtomicFile("\(folder)/fdinfo/\(file)").bytes()) ?? []
    for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
      guard line.hasPrefix("mnt_id:") else { continue }
      return line.split(whereSeparator: \.isWhitespace).last.flatMap { Int($0) }
    }
    return nil
  }

  /// Whether a file of the device is mapped into memory: libraries, and what Lucene reads.
  private func maps(_ number: DeviceNumber) -> Bool {
    let hex = [number.major, number.minor].map { part in
      let digits = String(part, radix: 16)
      return digits.utf8.count < 2 ? "0" + digits : digits
    }.joined(separator: ":")
    let bytes = (try? AtomicFile("\(folder)/maps").bytes()) ?? []
    // address perms offset dev inode pathname
    return bytes.split(separator: 0x0a).contains { line in
      let fields = line.split(separator: 0x20, maxSplits: 4)
      return fields.count > 3 && fields[3].elementsEqual(hex.utf8)
    }
  }
}
