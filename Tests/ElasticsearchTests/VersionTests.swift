import Testing

@testable import Elasticsearch

@Suite struct VersionTests {
  @Test(arguments: [
    ("7.0.0", "7.0.0"), ("8.17.0-SNAPSHOT", "8.17.0"), ("6.8.13", "6.8.13"), ("8.0.0-rc1", "8.0.0"),
  ])
  func versionsAreRead(_ text: String, _ expected: String) {
    #expect(ElasticsearchVersion(text)?.description == expected)
  }

  @Test(arguments: [
    "", "7", "7.0", "7.0.0.1", "7..0", "a.b.c", "7.0.+1", "-7.0.0", "7.0.0 ", "٧.0.0", "9999.0.0",
  ])
  func otherTextsAreNoVersions(_ text: String) {
    #expect(ElasticsearchVersion(text) == nil)
  }

  @Test func versionsCompareByNumber() {
    #expect(ElasticsearchVersion(7, 9, 3) < ElasticsearchVersion(7, 10, 0))
    #expect(ElasticsearchVersion(6, 8, 23) < ElasticsearchVersion(7, 0, 0))
    #expect(ElasticsearchVersion(8, 0, 0) < ElasticsearchVersion(8, 0, 1))
  }

  @Test func theServersJarTellsTheVersion() {
    let names = [
      "lucene-core-8.0.0.jar", "elasticsearch-core-7.0.0.jar", "elasticsearch-7.0.0.jar",
      "elasticsearch-x-content-7.0.0.jar", "elasticsearch-7.0.0.jar.sha1",
    ]
    #expect(ElasticsearchVersion(jarNames: names) == ElasticsearchVersion(7, 0, 0))
    #expect(
      ElasticsearchVersion(jarNames: names.filter { !$0.hasPrefix("elasticsearch-7") }) == nil)
    #expect(ElasticsearchVersion(jarNames: names + ["elasticsearch-7.1.0.jar"]) == nil)
  }

  @Test func numbersOfNodesAreVersions() {
    #expect(ElasticsearchVersion(id: 7_060_299) == ElasticsearchVersion(7, 6, 2))
    #expect(ElasticsearchVersion(id: 8_170_099) == ElasticsearchVersion(8, 17, 0))
    #expect(
      ElasticsearchVersion(id: 0x0800_0000 ^ 1_000_099)
        == ElasticsearchVersion(1, 0, 0, of: .openSearch))
    // As OpenSearch 2.11 shows it in an index's settings.
    #expect(ElasticsearchVersion(id: 136_327_827)?.title == "OpenSearch 2.11.0")
    for id in [0, -1, 99, 100_000_000, 0x0800_0000, Int.min, Int.max] {
      #expect(ElasticsearchVersion(id: id) == nil)
    }
  }

  @Test func theJarsOfOpenSearchTellItsVersion() {
    let names = ["opensearch-2.11.0.jar", "opensearch-core-2.11.0.jar", "lucene-core-9.7.0.jar"]
    #expect(
      ElasticsearchVersion(jarNames: names) == ElasticsearchVersion(2, 11, 0, of: .openSearch))
    #expect(ElasticsearchVersion(jarNames: names + ["elasticsearch-7.10.2.jar"]) == nil)
  }

  @Test func openSearchHasWhatCameBeforeItsForkAndNotWhatCameAfter() {
    let version = ElasticsearchVersion(2, 11, 0, of: .openSearch)
    #expect(version > ElasticsearchVersion(7, 10, 2) && version.readsOptionsFolder)
    #expect(!version.sizesItsHeap && !version.keepsStateAtTop)
    #expect(ElasticsearchVersion(1, 3, 0, of: .openSearch) < version)
  }

  @Test func whatAVersionCanDoBeginsWhereItBegan() {
    #expect(!ElasticsearchVersion(7, 6, 2).readsOptionsFolder)
    #expect(ElasticsearchVersion(7, 7, 0).readsOptionsFolder)
    #expect(!ElasticsearchVersion(7, 10, 2).sizesItsHeap)
    #expect(ElasticsearchVersion(7, 11, 0).sizesItsHeap)
    #expect(!ElasticsearchVersion(7, 17, 9).keepsStateAtTop)
    #expect(ElasticsearchVersion(8, 0, 0).keepsStateAtTop)
  }
}
