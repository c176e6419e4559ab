import Lab

/// The Elasticsearch node of a machine, asked through its REST interface.
struct Node {
  let machine: Machine

  /// Waits until it answers and all shards are there, at most 400 s.
  func waitUntilGreen() throws {
    try machine.bash(
      """
      curl -sf --retry 400 --retry-delay 1 --retry-connrefused --max-time 400 \
        'localhost:9200/_cluster/health?wait_for_status=green&timeout=60s' | grep -q '"timed_out":false'
      """)
  }

  func ask(_ path: String) throws -> String {
    try machine.bash("curl -sfg 'localhost:9200/\(path)'")
  }

  /// Puts documents into an index without replicas, which one node makes green.
  func index(_ texts: [String]) throws {
    let json = "-H 'Content-Type: application/json'"
    let settings = #"{"settings":{"number_of_shards":1,"number_of_replicas":0}}"#
    try machine.bash("curl -sf -XPUT localhost:9200/letters \(json) -d '\(settings)'")
    for (number, text) in texts.enumerated() {
      try machine.bash(
        "curl -sf -XPUT localhost:9200/letters/_doc/\(number)?refresh=true \(json) -d '{\"text\":\"\(text)\"}'"
      )
    }
  }

  /// How many documents a search for the word finds.
  func hits(_ word: String) throws -> Int? {
    Int(
      try machine.bash(
        """
        curl -sf 'localhost:9200/letters/_search?q=text:\(word)&filter_path=hits.total.value' | tr -dc 0-9
        """))
  }

  /// The key under `nodes`, which is the node's id.
  func id() throws -> String {
    let answer = try ask("_nodes/_local?filter_path=nodes.*.name")
    guard let match = answer.firstMatch(of: /^{"nodes":{"([^"]+)"/) else {
      throw Failure("the node does not say who it is: \(answer)")
    }
    return String(match.output.1)
  }
}
