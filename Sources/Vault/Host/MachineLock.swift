import Glibc
import SystemPackage

/// One esvault changes a machine at a time.
///
/// Only unlocking several volumes is done side by side: each takes the machine's lock shared, and the
/// lock of its volume for itself. The locks are the kernel's, on open files: they end with the
/// process, however that ends.
package final class MachineLock {
  package static let path = "/run/esvault.lock"
  private let command: String
  private let path: String
  /// The volume that alone is changed; nil for the whole machine.
  private let volume: String?
  private var descriptors: [Int32] = []

  /// Takes the lock of the machine, or of one volume on it.
  ///
  /// - Throws: ``Refusal`` that says who holds the lock.
  package init(for command: String, volume: String? = nil, path: String = MachineLock.path) throws {
    self.command = command
    self.path = path
    self.volume = volume
    try hold()
  }

  /// Takes the lock as soon as it is free, and waits for it no longer than the limit.
  package static func taken(for command: String, within limit: Duration) async throws -> MachineLock
  {
    try await patiently(limit) { try MachineLock(for: command) }
  }

  /// Takes the lock where it was released, as soon as it is free.
  package func hold(within limit: Duration) async throws {
    try await Self.patiently(limit) { try hold() }
  }

  private static func patiently<Result>(
    _ limit: Duration, _ attempt: () throws -> Result
  ) async throws -> Result {
    let deadline = ContinuousClock.now + limit
    while true {
      do { return try attempt() } catch let refusal as Refusal {
        guard ContinuousClock.now < deadline else { throw refusal }
      }
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  /// Takes the lock where it was released; does nothing while it is held.
  ///
  /// - Throws: ``Refusal`` that says who holds the lock.
  package func hold() throws {
    guard descriptors.isEmpty else { return }
    do {
      try take(path, shared: volume != nil)
      if let volume { try take("\(path).\(volume)", shared: false) }
    } catch {
      release()
      throw error
    }
  }

  private func take(_ path: String, shared: Bool) throws {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw FileError("open", path, errno) }
    descriptors.append(descriptor)
    guard flock(descriptor, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0 else {
      var text = [UInt8](repeating: 0, count: 200)
      let count = max(0, pread(descriptor, &text, text.count, 0))
      let holder = String(decoding: text[..<count], as: UTF8.self)
      throw Refusal(
        "another esvault is at work: \(holder.isEmpty ? "it has just begun" : holder)",
        advice: "Wait until it has ended, then run the command again.",
        patience: .seconds(86_400))
    }
    let holder = Array("'esvault \(command)', process \(getpid())".utf8)
    ftruncate(descriptor, 0)
    pwrite(descriptor, holder, holder.count, 0)
  }

  /// Gives the lock back, at once.
  package func release() {
    for descriptor in descriptors {
      // A program that is just being started has the descriptors until it has been executed: closing
      // ours alone would leave the lock with it for that moment.
      flock(descriptor, LOCK_UN)
      close(descriptor)
    }
    descriptors = []
  }

  deinit { release() }
}
