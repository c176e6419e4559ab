/// Which of the two programs it is: Elasticsearch, or OpenSearch, which was forked from its 7.10.2.
///
/// | | Elasticsearch, Debian's and RPM's package | from an archive | OpenSearch's package |
/// | --- | --- | --- | --- |
/// | home | `/usr/share/elasticsearch` | where it was unpacked | `/usr/share/opensearch` |
/// | configuration | `/etc/elasticsearch`, by `ES_PATH_CONF` | `config` in its home | `/etc/opensearch`, by `OPENSEARCH_PATH_CONF` |
/// | user and group | `elasticsearch` | whatever its unit says | `opensearch` |
/// | version | `lib/elasticsearch-8.17.0.jar`, package database | the jar | `lib/opensearch-2.11.0.jar` |
/// | known | read in the source of 6.8 and 9.5 | read in its scripts | read in its packaging |
package enum Product: String, Sendable {
  case elasticsearch = "Elasticsearch"
  case openSearch = "OpenSearch"

  /// As files, users, folders, packages and units of it are named.
  package var word: String { rawValue.lowercased() }

  /// The packages that install it. Up to 7.10 there was one without Elastic's own modules.
  package var packages: [String] {
    self == .elasticsearch ? ["elasticsearch", "elasticsearch-oss"] : ["opensearch"]
  }

  /// Where the packages of Debian's and of RPM's kind put it.
  package var packagedHome: String { "/usr/share/\(word)" }

  /// The variable that names its configuration directory.
  package var configurationVariable: String { "\(variablePrefix)_PATH_CONF" }
  /// The variable with options of Java, which come after those in files.
  package var javaOptionsVariable: String { "\(variablePrefix)_JAVA_OPTS" }
  /// The variable that names the home of its Java; not all versions look at it, see ``Java``.
  package var javaHomeVariable: String { "\(variablePrefix)_JAVA_HOME" }
  /// The variable that names its directory for temporary files.
  package var temporaryVariable: String { "\(variablePrefix)_TMPDIR" }

  private var variablePrefix: String { self == .elasticsearch ? "ES" : "OPENSEARCH" }
}

/// A version of Elasticsearch or OpenSearch, such as 7.17.9; what follows a dash (`-SNAPSHOT`) is left
/// aside.
///
/// Every OpenSearch comes after every Elasticsearch in order: what began before 7.10.2, it has.
package struct ElasticsearchVersion: Comparable, Hashable, Sendable, CustomStringConvertible {
  package let product: Product
  package let major: Int
  package let minor: Int
  package let patch: Int

  package init(_ major: Int, _ minor: Int, _ patch: Int, of product: Product = .elasticsearch) {
    (self.major, self.minor, self.patch) = (major, minor, patch)
    self.product = product
  }

  /// Reads `7.0.0` or `8.17.0-SNAPSHOT`.
  package init?(_ text: some StringProtocol, of product: Product = .elasticsearch) {
    let release = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)[0]
    let parts = release.split(separator: ".", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Decimal.number($0, digits: 3) }
    guard parts.count == 3, numbers.count == 3 else { return nil }
    self.init(numbers[0], numbers[1], numbers[2], of: product)
  }

  /// Finds the version among the names in `$ES_HOME/lib`, where `elasticsearch-7.0.0.jar` lies beside
  /// `elasticsearch-core-7.0.0.jar`. Nil if there is none, or several that differ.
  package init?(jarNames: [String]) {
    let versions = Set(jarNames.compactMap(Self.version(ofJar:)))
    guard let only = versions.first, versions.count == 1 else { return nil }
    self = only
  }

  private static func version(ofJar name: String) -> ElasticsearchVersion? {
    guard name.hasSuffix(".jar") else { return nil }
    for product in [Product.elasticsearch, .openSearch] where name.hasPrefix(product.word + "-") {
      let version = name.dropFirst(product.word.count + 1).dropLast(".jar".count)
      return ElasticsearchVersion(version, of: product)
    }
    return nil
  }

  /// Reads the number that a node writes into its state: 7060299 is 7.6.2, the last two digits being
  /// the build. OpenSearch flips a bit above these digits (`Version.MASK` in its source; read, not
  /// run), except for its Elasticsearch of before.
  package init?(id: Int) {
    let mask = 0x0800_0000
    let isOpenSearch = id >= mask
    let number = isOpenSearch ? id - mask : id
    guard (1_000_000..<100_000_000).contains(number) else { return nil }
    self.init(
      number / 1_000_000, number / 10_000 % 100, number / 100 % 100,
      of: isOpenSearch ? .openSearch : .elasticsearch)
  }

  package var description: String { "\(major).\(minor).\(patch)" }
  /// With the name of the program: `OpenSearch 2.11.0`.
  package var title: String { "\(product.rawValue) \(self)" }

  package static func < (one: Self, other: Self) -> Bool {
    guard one.product == other.product else { return one.product == .elasticsearch }
    return (one.major, one.minor, one.patch) < (other.major, other.minor, other.patch)
  }
}

extension ElasticsearchVersion {
  /// Whether `jvm.options.d/*.options` is read (elastic/elasticsearch#51882, since 7.7).
  package var readsOptionsFolder: Bool { self >= ElasticsearchVersion(7, 7, 0) }

  /// Whether Elasticsearch chooses its heap where none is given (elastic/elasticsearch#65905, since
  /// 7.11). Before, and with OpenSearch, `jvm.options` says 1 GiB.
  package var sizesItsHeap: Bool {
    product == .elasticsearch && self >= ElasticsearchVersion(7, 11, 0)
  }

  /// Whether variables are put into the text of `elasticsearch.yml` before it is parsed
  /// (elastic/elasticsearch#85186, since 8.2).
  package var replacesVariablesInText: Bool {
    product == .elasticsearch && self >= .firstWithVariablesInText
  }
  static let firstWithVariablesInText = ElasticsearchVersion(8, 2, 0)

  /// Whether the node state lies in `_state` at once and not in `nodes/0/_state` (since 8.0, and never
  /// with OpenSearch).
  package var keepsStateAtTop: Bool { product == .elasticsearch && major >= 8 }
}
