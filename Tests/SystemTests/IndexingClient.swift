import Lab

/// A client in the machine that indexes documents until it is refused, and keeps account of those that
/// were acknowledged.
struct IndexingClient {
  let machine: Machine

  init(on machine: Machine) throws {
    self.machine = machine
    try machine.bash("cat >/usr/local/bin/indexing-client", input: Self.program)
  }

  /// Starts it anew; some documents are acknowledged afterwards, and it goes on.
  ///
  /// - Parameter round: becomes part of the documents' ids.
  func start(round: Int) throws {
    try machine.bash(
      """
      systemd-run --quiet --collect --unit indexing-client --property Before=elasticsearch.service \\
        python3 /usr/local/bin/indexing-client index \(round)
      for i in $(seq 600); do
        [[ $(grep -c '^\(round)-' /var/tmp/acknowledged 2>/dev/null) -lt 5 ]] || exit 0
        sleep 0.3
      done
      journalctl --no-pager --unit indexing-client >&2
      exit 1
      """)
  }

  /// The acknowledged documents that are no longer there, by their ids.
  func lost() throws -> String {
    try machine.bash("python3 /usr/local/bin/indexing-client check")
  }

  /// Ordered before Elasticsearch, it is stopped after it: the node goes down in the middle of its work.
  private static let program = #"""
    import http.client, json, os, sys

    connection = http.client.HTTPConnection("localhost", 9200, timeout=60)

    def ask(method, path, body):
        connection.request(method, path, json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())

    def index(run):
        log = os.open("/var/tmp/acknowledged", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        number = 0
        while True:
            id = f"{run}-{number}"
            status, _ = ask("PUT", f"/letters/_doc/{id}", {"text": "acknowledged"})
            if status != 201:
                break
            os.write(log, f"{id}\n".encode())
            os.fsync(log)
            number += 1

    def check():
        with open("/var/tmp/acknowledged") as log:
            ids = log.read().split()
        for start in range(0, len(ids), 200):
            _, answer = ask("POST", "/letters/_mget", {"ids": ids[start:start + 200]})
            print(*[doc["_id"] for doc in answer["docs"] if not doc.get("found")], sep="\n", end="")

    index(sys.argv[2]) if sys.argv[1] == "index" else check()
    """#
}
