import BlockDevices
import LUKS

/// What an audit knows of a detached disk, an image or a snapshot; or of a partition of one.
package struct ImageFacts: Equatable, Sendable {
  /// As it was named.
  package var path: String
  /// The number of the partition; nil for the whole.
  package var partition: Int?
  /// Size in bytes.
  package var bytes: UInt64
  package var kind: Kind
  package var sampling: Sampling

  package init(
    path: String, partition: Int? = nil, bytes: UInt64 = 0, kind: Kind, sampling: Sampling
  ) {
    self.path = path
    self.partition = partition
    self.bytes = bytes
    self.kind = kind
    self.sampling = sampling
  }

  /// What kind of thing it is.
  package enum Kind: Equatable, Sendable {
    case luks(Header)
    /// There is no trace of a LUKS header.
    case other(Contents)
    /// It could not be looked at, or shows a LUKS header that cannot be used; and why.
    case unreadable(String)
  }

  /// What reading blocks of it has shown.
  package enum Sampling: Equatable, Sendable {
    case taken(BlockSample)
    /// No block was read, or not all, and why.
    case failed(String)
  }

  /// What findings are about.
  package var subject: String {
    partition.map { "\(path), partition \($0)" } ?? path
  }

  /// Its header, where it has one.
  package var header: Header? {
    if case .luks(let header) = kind { header } else { nil }
  }

  /// What was read, where all of it could be.
  package var sample: BlockSample? {
    if case .taken(let sample) = sampling { sample } else { nil }
  }
}
