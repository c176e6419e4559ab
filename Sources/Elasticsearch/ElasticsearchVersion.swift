/// A version of Elasticsearch, such as 7.17.9; what follows a dash (`-SNAPSHOT`) is left aside.
package struct ElasticsearchVersion: Comparable, Hashable, Sendable, CustomStringConvertible {
  package let major: Int
  package let minor: Int
  package let patch: Int

  package init(_ major: Int, _ minor: Int, _ patch: Int) {
    (self.major, self.minor, self.patch) = (major, minor, patch)
  }

  /// Reads `7.0.0` or `8.17.0-SNAPSHOT`.
  package init?(_ text: some StringProtocol) {
    let release = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)[0]
    let parts = release.split(separator: ".", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Decimal.number($0, digits: 3) }
    guard parts.count == 3, numbers.count == 3 else { return nil }
    self.init(numbers[0], numbers[1], numbers[2])
  }

  /// Finds the version among the names in `$ES_HOME/lib`, where `elasticsearch-7.0.0.jar` lies beside
  /// `elasticsearch-core-7.0.0.jar`. Nil if there is none, or several that differ.
  package init?(jarNames: [String]) {
    let versions = Set(
      jarNames.compactMap { name -> ElasticsearchVersion? in
        guard name.hasPrefix("elasticsearch-"), name.hasSuffix(".jar") else { return nil }
        return ElasticsearchVersion(name.dropFirst("elasticsearch-".count).dropLast(".jar".count))
      })
    guard let only = versions.first, versions.count == 1 else { return nil }
    self = only
  }

  /// Reads the number that a node writes into its state: 7060299 is 7.6.2, the last two digits being
  /// the build. OpenSearch sets a bit above these digits, and is not read.
  package init?(id: Int) {
    guard (1_000_000..<100_000_000).contains(id) else { return nil }
    self.init(id / 1_000_000, id / 10_000 % 100, id / 100 % 100)
  }

  package var description: String { "\(major).\(minor).\(patch)" }

  package static func < (one: Self, other: Self) -> Bool {
    (one.major, one.minor, one.patch) < (other.major, other.minor, other.patch)
  }
}

extension ElasticsearchVersion {
  /// Whether `jvm.options.d/*.options` is read (elastic/elasticsearch#51882, since 7.7).
  package var readsOptionsFolder: Bool { self >= ElasticsearchVersion(7, 7, 0) }

  /// Whether Elasticsearch chooses its heap where none is given (elastic/elasticsearch#65905, since
  /// 7.11). Before, `jvm.options` said 1 GiB.
  package var sizesItsHeap: Bool { self >= ElasticsearchVersion(7, 11, 0) }

  /// Whether the node state lies in `_state` at once and not in `nodes/0/_state` (since 8.0).
  package var keepsStateAtTop: Bool { major >= 8 }
}
