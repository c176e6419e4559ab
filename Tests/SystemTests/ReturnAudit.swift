import Lab
import Testing

/// What `esvault audit` says of a machine with a running node: whether its volume comes back after a
/// reboot, and whether it is the node's.
struct ReturnAudit {
  let machine: Machine
  private static let checks = [
    "luks2", "cipher", "live-mapping", "keyslots", "foreign-keyslots", "reencryption",
    "header-copies", "journal", "unlock-unit", "gate", "mount-guard", "key-file", "key",
    "volume-configured", "node-state", "open-files", "ownership", "heap",
  ]
  private static let units = "/etc/systemd/system"
  private static let gate = "\(units)/elasticsearch.service.d/esvault.conf"
  private static let key = "/etc/esvault/keys/esvol.key"

  /// Of all that is broken here, each is found and nothing else; and nothing is when it is mended.
  func expectEveryBreakIsFound() throws {
    try expectClean()
    for (check, words, damage, repair) in Self.breaks {
      try machine.bash(damage)
      let audit = try machine.run("esvault audit --check \(check)")
      #expect(audit.status == 3, "\(check): \(audit)")
      #expect(audit.stdout.contains(words), "\(check): \(audit.stdout)")
      try machine.bash(repair)
    }
    try expectClean()
    try machine.bash("systemctl stop elasticsearch")
    let stopped = try machine.run("esvault audit --check open-files --check node-state")
    #expect(stopped.status == 0 && stopped.stdout.contains("is not running"), "\(stopped)")
    try machine.bash("systemctl start elasticsearch")
    try Node(machine: machine).waitUntilGreen()
  }

  private func expectClean(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let words = Self.checks.map { "--check \($0)" }.joined(separator: " ")
    let audit = try machine.run("esvault audit --check-key \(words)")
    #expect(audit.status == 0, "\(audit)", sourceLocation: sourceLocation)
    let passed = audit.stdout.split(separator: "\n").filter { $0.hasPrefix("pass ") }
    #expect(passed.count == Self.checks.count, "\(audit.stdout)", sourceLocation: sourceLocation)
  }

  private static let breaks = [
    (
      "unlock-unit", "is not enabled", "systemctl disable esvault-unlock",
      "systemctl enable esvault-unlock"
    ),
    (
      "unlock-unit", "overrides",
      dropIn("esvault-unlock.service", "ExecStart=\nExecStart=/bin/true"),
      withoutDropIn("esvault-unlock.service")
    ),
    (
      "unlock-unit", "there is no",
      "mv \(units)/mnt-es.mount /root/; systemctl daemon-reload",
      "mv /root/mnt-es.mount \(units)/; systemctl daemon-reload"
    ),
    (
      "gate", "there is no", "mv \(gate) /root/; systemctl daemon-reload",
      "mv /root/esvault.conf \(gate); systemctl daemon-reload"
    ),
    (
      "gate", "takes the gate back", dropIn("elasticsearch.service", "ExecStartPre="),
      withoutDropIn("elasticsearch.service")
    ),
    (
      "gate", "said earlier",
      "printf '[Unit]\\nAfter=x.target\\n' >\(units)/elasticsearch.service.d/zz.conf",
      withoutDropIn("elasticsearch.service")
    ),
    ("mount-guard", "is not immutable", beneath("chattr -i"), beneath("chattr +i")),
    ("key-file", "has mode 0644", "chmod 0644 \(key)", "chmod 0400 \(key)"),
    (
      "open-files", "'/root/_0.cfs' open",
      """
      touch /root/_0.cfs
      setsid sleep 300 3</root/_0.cfs >/dev/null 2>&1 </dev/null &
      echo $! >/root/stray
      echo $! >/sys/fs/cgroup/system.slice/elasticsearch.service/cgroup.procs
      """,
      "kill $(</root/stray); rm /root/_0.cfs; sleep 0.2"
    ),
    ("ownership", "has mode 755", "chmod 0755 /mnt/es", "chmod 0711 /mnt/es"),
  ]

  private static func dropIn(_ unit: String, _ text: String) -> String {
    "printf '[Service]\\n\(text.replacing("\n", with: "\\n"))\\n' >\(units)/\(unit).d/zz.conf; systemctl daemon-reload"
  }

  private static func withoutDropIn(_ unit: String) -> String {
    "rm \(units)/\(unit).d/zz.conf; systemctl daemon-reload"
  }

  /// On the directory that the volume is mounted on.
  private static func beneath(_ change: String) -> String {
    "mkdir -p /root/below; mount --bind / /root/below; \(change) /root/below/mnt/es; umount /root/below"
  }
}
