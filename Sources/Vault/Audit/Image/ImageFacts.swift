import BlockDevices
import LUKS

/// What an audit knows of a detached disk, an image or a snapshot; or of a part of one.
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
    /// A place that no header speaks of: nothing need be there, and plaintext must not be.
    case gap(Gap)
    /// It could not be looked at, or shows a LUKS header that cannot be used; and why.
    case unreadable(String)
  }

  /// Where nothing should be; the words complete a subject.
  package enum Gap: String, Sendable {
    case outsidePartitions = "outside of its partitions"
    case beforeData = "between its header and its data"
  }

  /// What reading blocks of it has shown.
  package enum Sampling: Equatable, Sendable {
    case taken(BlockSample)
    /// What there was to read before it ended, and why it did: plaintext in it counts, and nothing else.
    case partial(BlockSample, String)
    /// No block was read, and why.
    case failed(String)
  }

  /// What findings are about.
  package var subject: String {
    let name = partition.map { "\(path), partition \($0)" } ?? path
    return if case .gap(let gap) = kind { "\(name), \(gap.rawValue)" } else { name }
  }

  /// What to do where it could not be looked at. It ends, whatever is there: nothing is read.
  var seeingAdvice: String {
    "See that it is there, whole, and readable: ls -l \(path.shellWord)"
  }

  /// Its header, where it has one.
  package var header: Header? {
    if case .luks(let header) = kind { header } else { nil }
  }

  /// What was read of it, all or in part.
  package var sample: BlockSample? {
    switch sampling {
    case .taken(let sample), .partial(let sample, _): sample
    case .failed: nil
    }
  }
}
