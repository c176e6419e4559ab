/// Which Java runs Elasticsearch, as far as its script decides (`elasticsearch-env`).
///
/// | version | takes | known |
/// | --- | --- | --- |
/// | 6 | `JAVA_HOME`, else the first `java` of `PATH` | inferred from people's copies of the script |
/// | 7.0 to 7.11 | `JAVA_HOME`, else `jdk` in its home | read in copies of 7.6 and 7.10 |
/// | 7.12 to 7.17 | `ES_JAVA_HOME`, else `JAVA_HOME`, else `jdk` | read in copies of 7.14 |
/// | 8, 9 | `ES_JAVA_HOME`, else `jdk` | read in the script of 8.0 and of 9 |
/// | OpenSearch | `OPENSEARCH_JAVA_HOME`, else `JAVA_HOME`, else `jdk` | read in one of its plugins |
///
/// None of it was run.
package enum Java {
  /// The variables that may name its home, the first that is set counts.
  package static func homeVariables(of version: ElasticsearchVersion) -> [String] {
    let own = version.product.javaHomeVariable
    guard version.product == .elasticsearch else { return [own, "JAVA_HOME"] }
    if version.major >= 8 { return [own] }
    return version >= ElasticsearchVersion(7, 12, 0) ? [own, "JAVA_HOME"] : ["JAVA_HOME"]
  }

  /// The major version in the file `release` of a Java's home: 17 for `JAVA_VERSION="17.0.15"`, 8 for
  /// `JAVA_VERSION="1.8.0_292"`. Nil where it does not say.
  package static func majorVersion(release bytes: [UInt8]) -> Int? {
    let name = "JAVA_VERSION="
    let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
    guard let line = lines.first(where: { $0.hasPrefix(name) }) else { return nil }
    let version = line.dropFirst(name.count).drop { $0 == "\"" }
    let numbers = version.split { !("0"..."9").contains($0) }.compactMap {
      Decimal.number($0, digits: 4)
    }
    guard let first = numbers.first else { return nil }
    return first == 1 && numbers.count > 1 ? numbers[1] : first
  }
}
