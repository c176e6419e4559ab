/// The memory that key derivations may take at the same time.
///
/// Argon2id takes up to 1 GiB for each keyslot: several at once must not take more than the machine
/// has. One alone is always tried.
package struct DerivationMemory: Equatable, Sendable {
  /// In bytes.
  private let available: UInt64
  private var taken: UInt64 = 0
  private var count = 0

  package init(available: UInt64) {
    self.available = available
  }

  /// Whether another derivation may begin beside those that run.
  package func admits(_ bytes: UInt64) -> Bool {
    count == 0 || (bytes <= available && taken <= available - bytes)
  }

  package mutating func take(_ bytes: UInt64) {
    taken += bytes
    count += 1
  }

  package mutating func giveBack(_ bytes: UInt64) {
    taken -= bytes
    count -= 1
  }
}
