import BlockDevices
import CLinux
import Glibc

/// Looks at the directory that a volume is mounted on, also while the volume hides it.
struct MountPointGuard {
  let mount: String
  let table: MountTable

  /// Whether the directory is immutable.
  func look() -> Sight<Bool> {
    do {
      guard let below = mountBelow else { return .seen(try ImmutableFlag.isSet(on: mount)) }
      // A copy of the mount beneath, with nothing mounted on it, and in nobody's mount table.
      let copy = esvault_open_mount(below.target)
      guard copy >= 0 else { throw FileError("look beneath the mount at", mount, errno) }
      defer { close(copy) }
      let path = mount.utf8.dropFirst(below.target == "/" ? 1 : below.target.utf8.count + 1)
      return .seen(try ImmutableFlag.isSet(on: String(decoding: path, as: UTF8.self), in: copy))
    } catch let error as FileError {
      switch error.errno {
      case .noSuchFileOrDirectory: return .nothing
      case .notPermitted, .permissionDenied: return .needsRoot
      default: return .failed("\(error)")
      }
    } catch {
      return .failed("\(error)")
    }
  }

  /// The mount that has the mount point as one of its directories; nil while nothing hides that.
  private var mountBelow: Mount? {
    guard var current = table.mount(containing: mount), current.target == mount else { return nil }
    var passed: Set<Int> = []
    while current.target == mount, passed.insert(current.id).inserted {
      guard let parent = table.mounts.first(where: { $0.id == current.parent }) else { return nil }
      current = parent
    }
    return current.target == mount ? nil : current
  }
}
