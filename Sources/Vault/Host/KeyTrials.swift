import Glibc
import LUKS

/// Tries the stored keys of volumes.
struct KeyTrials {
  /// The longest that a derivation may take: a header may ask for years.
  private static let limit = Duration.seconds(60)
  /// Whether one goes on in the background: libcryptsetup serves one thread at a time.
  private var hasStuck = false

  /// The keyslot that a volume's key fits; nil where its key is stored nowhere.
  mutating func keyslot(of volume: AuditedVolume) -> Sight<Int>? {
    guard let key = volume.spec.key.recorded else { return nil }
    guard let disk = volume.chain.disk, let header = volume.chain.header.value else {
      return .failed("the header of volume '\(volume.spec.name)' could not be read")
    }
    guard !hasStuck else { return .failed("the key before has not been tried to its end") }
    let needed = UInt64(header.keyslots.compactMap(\.memoryKiB).max() ?? 0) << 10
    let free = LinuxHost.availableMemory()
    guard needed <= free else {
      return .failed(
        "trying the key takes \(needed >> 20) MiB of memory, and \(free >> 20) MiB are free")
    }
    let path = disk.path
    do {
      return .seen(
        try Watchdog.run(limit: Self.limit) {
          try key.source.withKey { try Header.keyslot(for: $0, on: path) }
        })
    } catch LUKSError.wrongKey {
      return .nothing
    } catch let late as Watchdog.TimedOut {
      hasStuck = true
      return .failed("trying the key took more than \(late.limit.components.seconds) s")
    } catch {
      return geteuid() == 0 ? .failed("\(error)") : .needsRoot
    }
  }
}
