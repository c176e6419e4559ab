import Lab
import Testing

/// What a boot has come to, with nobody there.
extension Machine {
  /// What esvault says of a filesystem that was in use when the machine went down.
  static let uncleanly = "was not unmounted in order"

  /// Waits until systemd has nothing left to start, at most 400 s; nobody can log in before.
  func waitUntilBooted() throws {
    // Early in a slow boot systemctl has nobody to ask, and does not wait.
    let wait = """
      until state=$(systemctl is-system-running --wait) || [[ $state == degraded ]]; do
        sleep 1
      done
      """
    let waited = try run("timeout 400 bash -c '\(wait)'")
    guard waited.status == 0 else {
      throw Failure(
        "the machine has not booted: \(waited.stderr)\(try run("systemctl list-jobs").stdout)")
    }
    try bash("systemctl is-active --quiet multi-user.target getty.target")
  }

  /// The volume is open and mounted, and its filesystem was cleanly unmounted before.
  func expectOpenAndClean(
    _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let states = try run("systemctl is-active esvault-unlock mnt-es.mount elasticsearch").stdout
    #expect(states == "active\nactive\nactive\n", comment, sourceLocation: sourceLocation)
    let said = try bash("journalctl -b -o cat --no-pager")
    #expect(said.contains("EXT4-fs (dm-0): mounted"), comment, sourceLocation: sourceLocation)
    for trace in [Self.uncleanly, "EXT4-fs (dm-0): recovery"] {
      #expect(!said.contains(trace), comment, sourceLocation: sourceLocation)
    }
  }

  /// Elasticsearch is down and says in one line what is the matter and what to do, and nothing was
  /// written below its mount point.
  func expectDown(
    because reason: String, _ advice: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try waitUntilBooted()
    #expect(
      try run("systemctl is-active elasticsearch").stdout == "failed\n",
      sourceLocation: sourceLocation)
    let status = try run("systemctl status elasticsearch --no-pager --full").stdout
    let lines = status.split(separator: "\n").filter { $0.contains("esvault[") }
    #expect(lines.count == 1, "\(status)", sourceLocation: sourceLocation)
    let line = lines.first ?? ""
    #expect(
      line.contains(reason) && line.contains(advice), "\(status)", sourceLocation: sourceLocation)
    #expect(try bash("ls -A /mnt/es; ls /dev/mapper") == "control", sourceLocation: sourceLocation)
  }

  /// What the unit that opens the volumes said in this boot.
  func unlockJournal() throws -> String {
    try bash("journalctl -b -u esvault-unlock -o cat --no-pager")
  }
}
