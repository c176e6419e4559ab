import FoundationEssentials
import Glibc

/// Intents on the root disk, one file per volume.
struct IntentStore {
  let name: String
  var directory = "/var/lib/esvault"

  private var path: String { "\(directory)/\(name).intent" }

  /// The intent that an interrupted run left; nil where there is none.
  ///
  /// - Throws: ``Refusal`` for a file that cannot be understood: what it vouches for is not known.
  func load() throws -> Intent? {
    guard let bytes = try AtomicFile(path).bytes() else { return nil }
    guard let intent = try? JSONDecoder().decode(Intent.self, from: Data(bytes)),
      intent.version <= Intent.currentVersion
    else {
      throw Refusal(
        "the record of an interrupted run, '\(path)', cannot be understood",
        advice: "Use the esvault that wrote it. If no run was interrupted, remove it: rm \(path)")
    }
    return intent
  }

  /// Stores and syncs an intent: after this, and not before, the disk may be written.
  func store(_ intent: Intent) throws {
    try Directories.make(directory, mode: 0o700)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    try AtomicFile(path).replace(with: Array(encoder.encode(intent)), mode: 0o600)
  }

  func remove() throws {
    guard unlink(path) == 0 || errno == ENOENT else { throw FileError("remove", path, errno) }
  }
}
