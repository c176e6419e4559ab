import BlockDevices
import Glibc
import SystemPackage

/// Looks at the file that a stored key is in, without reading a key.
struct StoredKeySurvey {
  let devices: BlockDevices
  /// The open volume's device; nil while it is closed.
  let volume: DeviceNumber?

  func facts(of key: RecordedKey) -> StoredKeyFacts {
    switch key {
    case .file(let path):
      return StoredKeyFacts(name: key.source.name, advice: key.source.advice, file: look(at: path))
    case .credential(let name):
      // A unit's own folder of credentials says nothing about the next boot.
      guard let place = CredentialStore().place(of: name) else {
        return StoredKeyFacts(name: key.source.name, advice: key.source.advice, file: .nothing)
      }
      return StoredKeyFacts(
        name: "\(key.source.name) in '\(place.path)'", advice: key.source.advice,
        file: look(at: place.path), sealing: sealing(of: place))
    }
  }

  private func sealing(of place: CredentialPlace) -> CredentialSealing? {
    guard case .encrypted(let path) = place else { return nil }
    return CredentialSealing((try? AtomicFile(path).bytes()) ?? [])
  }

  private func look(at path: String) -> Sight<KeyFileFacts> {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      switch errno {
      case ENOENT, ENOTDIR: return .nothing
      case EACCES, EPERM: return .needsRoot
      default: return .failed("\(FileError("look at", path, errno))")
      }
    }
    var facts = KeyFileFacts(
      path: path, kind: kind(of: path, status), user: status.st_uid, mode: status.st_mode & 0o7777,
      bytes: UInt64(status.st_size))
    let number = DeviceNumber(status.st_dev)
    facts.isOnVolume = number == volume
    facts.place = place(of: path)
    let real = FilePath.real(path)
    if let real, real != path { facts.link = real }
    for way in Set([path, real ?? path]) {
      facts.openFolders.merge(openFolders(above: way)) { $1 }
    }
    return .seen(facts)
  }

  private func kind(of path: String, _ status: stat) -> KeyFileFacts.Kind {
    switch status.st_mode & S_IFMT {
    case S_IFREG: .plain
    case S_IFDIR: .directory
    case S_IFLNK: .link(to: (try? FilePath.target(of: path)) ?? "nowhere")
    default: .other
    }
  }

  /// Whoever can write into a directory can put another file in the place of this one.
  private func openFolders(above path: String) -> [String: Ownership] {
    var open: [String: Ownership] = [:]
    var folder = FilePath(path)
    while folder.removeLastComponent() {
      var status = stat()
      guard stat(folder.string, &status) == 0 else { continue }
      let owner = Ownership(
        user: status.st_uid, group: status.st_gid, mode: status.st_mode & 0o7777)
      if owner.isOpenToOthers { open[folder.string] = owner }
    }
    return open
  }

  /// The number of the device that stat(2) tells is none of a disk on btrfs and overlays: it is traced.
  private func place(of path: String) -> AuditedPlace {
    let own = (try? DirectoryTree.own()) ?? .unknown
    var tracing = PlaceTracing(StorageTracer(devices: devices, own: own))
    let key = WrittenPath(purpose: .key, path: path, origin: "the volume's configuration")
    return tracing.place(key, in: .success(own)).considering(tracing.swaps())
  }
}

extension Ownership {
  /// Whether others than root can put something else in the place of what is in this directory. With the
  /// sticky bit only its owner may, as in /tmp (unlink(2), EPERM).
  var isOpenToOthers: Bool { user != 0 || mode & 0o022 != 0 && mode & 0o1000 == 0 }
}
