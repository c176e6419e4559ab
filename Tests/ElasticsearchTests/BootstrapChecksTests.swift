import Testing

@testable import Elasticsearch

@Suite struct BootstrapChecksTests {
  private let map =
    "max virtual memory areas vm.max_map_count [65530] is too low, increase to at least [262144]"

  @Test func theChecksOfNewerVersionsAreFound() {
    let text = """
      ERROR: [2] bootstrap checks failed. You must address the points described in the following [2] lines before starting Elasticsearch.
      bootstrap check failure [1] of [2]: max file descriptors [4096] for elasticsearch process is too low, increase to at least [65535]
      bootstrap check failure [2] of [2]: \(map)
      ERROR: Elasticsearch did not exit normally - check the logs at /var/log/elasticsearch/elasticsearch.log
      """
    let failures = BootstrapChecks.failures(in: text)
    #expect(failures.count == 2 && failures[1] == "bootstrap check failure [2] of [2]: \(map)")
  }

  @Test func theChecksOfOlderVersionsAreFound() {
    let text = """
      [2026-11-21T17:00:00,000][ERROR][o.e.b.Bootstrap] [node-1] node validation exception
      [1] bootstrap checks failed
      [1]: \(map)
      [2026-11-21T17:00:00,001][INFO ][o.e.n.Node] [node-1] stopping ...
      """
    #expect(BootstrapChecks.failures(in: text) == ["[1]: \(map)"])
  }

  @Test func onlyTheLastStartCounts() {
    let text = """
      [2] bootstrap checks failed
      [1]: one
      [2]: two
      [1] bootstrap checks failed
      [1]: \(map)
      """
    #expect(BootstrapChecks.failures(in: text) == ["[1]: \(map)"])
  }

  @Test func otherLinesAreNotTakenForChecks() {
    for text in ["", "started", "[1]: a line without its heading", "[node] [1] of [2]"] {
      #expect(BootstrapChecks.failures(in: text).isEmpty)
    }
  }
}
