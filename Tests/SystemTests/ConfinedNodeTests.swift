import Foundation
import Lab
import Testing

/// What the node writes besides its data, on real parts: all of it lies on the volume.
extension BootUnitsTests {
  /// Where the disk that the test before has pulled out comes back: its mapping is still the old one.
  @Test func afterConfiningNothingIsWrittenBesideTheVolume() throws {
    let finished = try FinishedNode.shared
    let machine = finished.machine
    try machine.attach(Machine.Disk(serial: "vol1", file: finished.disk.path, bytes: nil))
    try machine.bash("esvault lock; esvault unlock; systemctl start elasticsearch")
    try finished.node.waitUntilGreen()
    // The control: before, the same look finds what lies elsewhere.
    #expect(try writtenElsewhere(on: machine).contains("/var/log/elasticsearch/"))
    #expect(
      try Self.failedChecks(on: machine) == ["log-path", "gc-logs", "temporary-files"])
    try machine.bash("systemctl stop elasticsearch")
    let confined = try machine.provision("--confine")
    confined.expectDone()
    #expect(
      confined.steps == ["directory", "record", "units", "heap", "data-path", "start", "verify"])
    try finished.node.waitUntilGreen()
    let elsewhere = try writtenElsewhere(on: machine)
    #expect(elsewhere == "")
    #expect(try Self.failedChecks(on: machine) == [])
    #expect(try finished.node.hits("secret") == 3)
    let directories = try machine.bash("stat -c '%a %U %n' /mnt/es/{diagnostics,logs,tmp}")
    #expect(
      directories
        == "750 elasticsearch /mnt/es/diagnostics\n750 elasticsearch /mnt/es/logs\n750 elasticsearch /mnt/es/tmp"
    )
    #expect(try machine.bash("ls /mnt/es/logs").contains("gc.log"))
    #expect(try machine.bash("cat /etc/esvault/esvault.yml").contains("confine: true"))
    let again = try machine.provision()
    again.expectDone()
    #expect(again.steps.isEmpty)
    try ReturnAudit(machine: machine).expectEveryBreakIsFound()
    try expectCrashStaysOnTheVolume(machine)
  }

  /// What the audit says of where the data goes, as the node and its unit see it.
  private static func failedChecks(on machine: Machine) throws -> Set<String> {
    let text = try machine.bash(
      """
      esvault audit --format json --check data-path --check log-path --check heap-dumps \
        --check gc-logs --check temporary-files --check snapshot-repositories --check core-dumps \
        --check swap --check left-behind-data || [[ $? == 3 ]]
      """)
    let audit = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    let findings = try #require(audit?["findings"] as? [[String: Any]])
    let checks = findings.map { ($0["check"] as? String ?? "?", $0["verdict"] as? String ?? "?") }
    #expect(Set(checks.map(\.0)).count == 8, "all but the one of repositories: \(checks)")
    return Set(checks.filter { $0.1 != "pass" }.map(\.0))
  }

  /// Ends the node as a fault of its Java machine would: the report holds what was in memory.
  private func expectCrashStaysOnTheVolume(_ machine: Machine) throws {
    try machine.bash(
      """
      pid=$(systemctl show --property MainPID --value elasticsearch)
      grep -q '^Max core file size  *0 ' /proc/$pid/limits
      kill -SEGV $pid
      for i in {1..600}; do [[ -d /proc/$pid ]] || break; sleep 0.1; done
      """)
    #expect(try machine.bash("ls /mnt/es/diagnostics").hasPrefix("hs_err_pid"))
    let elsewhere = try machine.bash(
      "find /var/lib/elasticsearch /var/log/elasticsearch /usr/share/elasticsearch /tmp -xdev -name 'hs_err*'"
    )
    #expect(elsewhere == "")
  }

  /// What the service's processes have open for writing, or mapped so that writing changes a file, and
  /// that is on a disk, but not on the volume's.
  private func writtenElsewhere(on machine: Machine) throws -> String {
    try machine.bash(
      """
      volume=$(stat -c %d /mnt/es)
      for pid in $(cat /sys/fs/cgroup/system.slice/elasticsearch.service/cgroup.procs); do
        for fd in /proc/$pid/fd/*; do
          flags=$(sed -n 's/^flags:[[:space:]]*//p' /proc/$pid/fdinfo/${fd##*/} 2>/dev/null) || continue
          (( (8#${flags:-0} & 3) != 0 )) || continue
          [[ $(readlink "$fd") == /* && -f $fd && $(stat -Lc %d "$fd") != "$volume" ]] && readlink "$fd" || true
        done
        awk '$2 ~ /w.s/ && $5 != 0 { print $6 }' /proc/$pid/maps | while read -r file; do
          [[ $file == /* && -f /proc/$pid/root$file ]] || continue
          [[ $(stat -c %d "/proc/$pid/root$file") == "$volume" ]] || echo "$file"
        done
      done | sort -u
      """)
  }
}
