import BlockDevices
import Elasticsearch
import Glibc
import SystemPackage

/// Looks at the data files that processes have open or mapped into memory.
///
/// No file is opened or asked about, only what the kernel tells of the processes (proc(5)): a filesystem
/// that does not answer keeps nobody waiting.
struct OpenDataSurvey {
  /// Where the data belongs.
  let data: String
  let volume: DeviceNumber
  /// Where else it belongs: the service's data paths on other volumes, and what these are.
  var others: [String: DeviceNumber] = [:]

  /// - Parameter processes: their numbers; those that have ended meanwhile are left out, and `nothing`
  ///   means that all have.
  func files(of processes: [String]) -> Sight<OpenDataFiles> {
    var files: OpenDataFiles?
    do {
      for id in processes.compactMap({ Int($0) }) where try mayLook(at: id) {
        guard let process = HoldingProcess(id) else { continue }
        var found = files ?? OpenDataFiles()
        addOpen(of: process, to: &found)
        try addMapped(by: process, to: &found)
        files = found
      }
    } catch let error as FileError where [.permissionDenied, .notPermitted].contains(error.errno) {
      return .needsRoot
    } catch {
      return .failed("\(error)")
    }
    return files.map(Sight.seen) ?? .nothing
  }

  /// Whether the process is still there.
  private func mayLook(at process: Int) throws -> Bool {
    let folder = "/proc/\(process)/fd"
    if access(folder, R_OK | X_OK) == 0 { return true }
    guard errno == ENOENT || errno == ESRCH else { throw FileError("look at", folder, errno) }
    return false
  }

  private func isData(_ path: String) -> Bool {
    AbsolutePath.isBelow(path, data) || DataFile.isNamed(path)
  }

  private func add(_ path: String, on device: DeviceNumber, to files: inout OpenDataFiles) {
    if device == volume, AbsolutePath.isBelow(path, data) {
      files.onVolume += 1
    } else if !others.contains(where: { device == $0.value && AbsolutePath.isBelow(path, $0.key) })
    {
      files.elsewhere[path] = device
    }
  }

  private func addOpen(of process: HoldingProcess, to files: inout OpenDataFiles) {
    let folder = "\(process.folder)/fd"
    var devices: [Int: DeviceNumber] = [:]
    for mount in (try? MountTable.seen(by: process.id))?.mounts ?? [] {
      devices[mount.id] = mount.number
    }
    for name in Directories.names(in: folder) ?? [] {
      guard let path = (try? FilePath.target(of: "\(folder)/\(name)")).map(Self.undeleted),
        path.hasPrefix("/"), isData(path)
      else { continue }
      // Closed meanwhile, or on a mount that is detached: no device of any disk.
      guard let mount = process.mount(of: name) else { continue }
      add(path, on: devices[mount] ?? DeviceNumber(major: 0, minor: 0), to: &files)
    }
  }

  /// Lucene maps its files, and closes them then.
  private func addMapped(by process: HoldingProcess, to files: inout OpenDataFiles) throws {
    try KernelLines.each(in: "\(process.folder)/maps") { line in
      // address perms offset dev inode pathname
      let fields = line.split(separator: 0x20, maxSplits: 5)
      guard fields.count == 6 else { return }
      let text = String(decoding: fields[5].drop { $0 == 0x20 }, as: UTF8.self)
      let path = Self.undeleted(text)
      guard path.hasPrefix("/"), isData(path), let device = Self.device(fields[3]) else { return }
      add(path, on: device, to: &files)
    }
  }

  /// What the kernel adds to the name of a file that has none any more.
  private static func undeleted(_ path: String) -> String {
    let mark = " (deleted)"
    return path.hasSuffix(mark) ? String(path.dropLast(mark.count)) : path
  }

  /// `fd:01`, in hexadecimal digits.
  private static func device(_ field: ArraySlice<UInt8>) -> DeviceNumber? {
    let parts = String(decoding: field, as: UTF8.self).split(separator: ":")
    guard parts.count == 2, let major = UInt32(parts[0], radix: 16),
      let minor = UInt32(parts[1], radix: 16)
    else { return nil }
    return DeviceNumber(major: major, minor: minor)
  }
}

/// The lines of a file of the kernel that may be long: a node maps tens of thousands of files.
private enum KernelLines {
  /// - Throws: ``FileError``; a file that has gone with its process has no lines.
  static func each(in path: String, _ work: (ArraySlice<UInt8>) -> Void) throws {
    do {
      let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
      defer { try? file.close() }
      var (rest, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 64 << 10))
      while true {
        let count = try buffer.withUnsafeMutableBytes { try file.read(into: $0) }
        if count == 0 { break }
        rest += buffer[..<count]
        guard let end = rest.lastIndex(of: 0x0a) else { continue }
        for line in rest[..<end].split(separator: 0x0a) { work(line) }
        rest.removeSubrange(...end)
      }
    } catch Errno.noSuchFileOrDirectory, Errno.noSuchProcess {
      return
    } catch let error as Errno {
      throw FileError("read", path, error.rawValue)
    }
  }
}
