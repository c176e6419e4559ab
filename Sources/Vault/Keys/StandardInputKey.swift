import LUKS
import SystemPackage

/// A key from standard input: read whole, byte for byte, once, and stored nowhere.
package final class StandardInputKey: KeySource {
  package let name = "the key from standard input"
  private var key: Secret?

  package init() {}

  package func withKey<Result>(_ work: (borrowing Secret) throws -> Result) throws -> Result {
    if key == nil { key = try read() }
    switch key {
    case .some(let key): return try work(key)
    // Read just above.
    case nil: throw LUKSError.secretEmpty("standard input")
    }
  }

  private func read() throws -> Secret {
    do { return try Secret.read(from: .standardInput, named: "standard input") } catch {
      throw Refusal(
        "the key cannot be read from standard input: \(error)",
        advice: "Pipe it in, with --key-file - < KEYFILE.")
    }
  }
}
