import LUKS

/// Where a volume's key comes from.
///
/// The world adds to these: one file each. A source gives the key as often as it is asked, so that a
/// volume is reopened with the key as it is stored and not with a copy from memory.
package protocol KeySource {
  /// What the source is called in messages: `key file '/etc/…'`.
  var name: String { get }
  /// Lends the key to a piece of work.
  ///
  /// - Throws: ``Refusal`` when there is no usable key, or what the work throws.
  func withKey<Result>(_ work: (borrowing Secret) throws -> Result) throws -> Result
  /// Makes sure that the stored key outlives a power failure: from here on a disk depends on it.
  func makeDurable() throws
}

extension KeySource {
  /// What is stored nowhere has nothing to sync.
  package func makeDurable() throws {}
}
