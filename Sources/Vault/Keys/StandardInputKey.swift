import LUKS
import SystemPackage

/// A key from standard input: read whole, byte for byte, once, and stored nowhere.
package final class StandardInputKey: KeySource {
  package let name = "the key from standard input"
  private var key: Secret?

  package init() {}

  package func withKey<Result>(_ work: (borrowing Secret) throws -> Result) throws -> Result {
    if let key = self.key.take() {
      defer { self.key = consume key }
      return try work(key)
    }
    let key = try read()
    defer { self.key = consume key }
    return try work(key)
  }

  private func read() throws -> Secret {
    do { return try Secret.read(from: .standardInput, named: "standard input") } catch {
      throw Refusal(
        "the key cannot be read from standard input: \(error)",
        advice: "Pipe it in: esvault provision --key-file - < KEYFILE")
    }
  }
}
