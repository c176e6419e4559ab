import BlockDevices
import Glibc
import LUKS

/// What udev and other programs that watch disks do: after every write they claim the disk, each for a
/// moment, to see what is on it.
enum MomentaryClaim {
  /// Does what needs the disk for itself, and tries it again for as long as it is busy, at most until the
  /// limit.
  ///
  /// - Parameter attempt: has changed nothing where the disk was busy.
  /// - Throws: what the last attempt has thrown.
  static func outlast(
    limit: Duration = .seconds(5), _ attempt: () throws -> Void
  ) async throws {
    let deadline = ContinuousClock.now + limit
    while true {
      do { return try attempt() } catch {
        guard isBusy(error), ContinuousClock.now < deadline else { throw error }
      }
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  private static func isBusy(_ error: any Error) -> Bool {
    if case LUKSError.deviceBusy = error { return true }
    if case BlockDeviceError.failed(_, _, errno: EBUSY) = error { return true }
    return false
  }
}
