import Vault

@testable import esvault

/// Audits to be shown; the checks are made up, so that they stay as they are.
enum Audits {
  /// What an attacker would call a host or a label.
  static let hostile =
    #"</title><script>document.title='pwned'</script><img src=x onerror="document.title='pwned'">'"&\"#
    + "\u{1B}[2J\u{202E}"

  private static let atRest = [Control.protectionAtRest]

  static let checks = [
    Check(
      "data-path", .error, "Each data path of Elasticsearch lies on encrypted disks only.",
      reason: "Whoever gets hold of a disk below it reads the indices.", controls: atRest
    ) { _ in [] },
    Check(
      "swap", .error, "Swap is off, or lies on encrypted disks only.",
      reason: "The kernel writes parts of Elasticsearch's memory there, with documents in them.",
      controls: atRest
    ) { _ in [] },
    Check(
      "snapshot-repositories", .error, "Each repository on this machine is encrypted.",
      reason: "A snapshot holds whole indices.", controls: atRest
    ) { _ in [] },
    Check(
      "log-path", .warning, "The logs lie on encrypted disks only.",
      reason: "Slow logs carry queries, and with them what was searched for."
    ) { _ in [] },
    Check(
      "luks2", .error, "Each volume's disk has a LUKS2 header.",
      reason: "Without a LUKS header on the disk, what is written there is not encrypted by LUKS.",
      controls: atRest
    ) { _ in [] },
    Check(
      "keyslots", .warning, "Each keyslot makes guessing its passphrase expensive.",
      reason: "A cheap derivation lets an attacker try many passphrases each second."
    ) { _ in [] },
    Check(
      "foreign-keyslots", .info, "Only esvault's own keyslots and tokens are on the disk.",
      reason: "Whoever holds the passphrase of another keyslot opens the volume."
    ) { _ in [] },
  ]

  static func finding(_ check: String, _ observation: Observation) -> Finding {
    let severity = checks.first { $0.id == check }?.severity ?? .error
    return Finding(check: check, severity: severity, observation: observation)
  }

  static let passes = [
    finding(
      "data-path",
      .pass(
        "/mnt/es/elasticsearch",
        "'/mnt/es/elasticsearch' lies on 'esvol' and below it on '/dev/nvme1n1'",
        evidence: ["253:0 is mounted at '/mnt/es'", "its table: crypt, aes-xts-plain64, 512 bits"])),
    finding("swap", .pass("swap", "this machine has no swap")),
    finding(
      "luks2",
      .pass(
        "esvol", "'/dev/nvme1n1' has a LUKS2 header",
        evidence: ["LUKS UUID 11111111-7d0e-4f0e-9c1b-0d6f2a9b1c11"])),
    finding("keyslots", .pass("esvol", "keyslot 0 has argon2id, 1 GiB, 4 passes")),
    finding("log-path", .pass("/mnt/es/logs", "'/mnt/es/logs' lies on 'esvol'")),
  ]

  static let failures = [
    finding(
      "data-path",
      .pass(
        "/mnt/es/elasticsearch",
        "'/mnt/es/elasticsearch' lies on 'esvol' and below it on '/dev/nvme1n1'")),
    finding(
      "swap",
      .fail(
        "/swapfile", "'/swapfile' lies on '/dev/vda1', and nothing below it encrypts",
        advice: "Switch it off, and take it out of /etc/fstab: swapoff /swapfile",
        evidence: [
          "/proc/swaps: /swapfile file 2097148 0 -2",
          "8:1 is '/dev/vda1', a partition of '/dev/vda'",
        ])),
    finding(
      "log-path",
      .fail(
        "/var/log/elasticsearch",
        "'/var/log/elasticsearch' lies on the root disk, which is not encrypted",
        advice: "Take it to the volume, while Elasticsearch is stopped: esvault provision --confine"
      )),
    finding("luks2", .pass("esvol", "'/dev/nvme1n1' has a LUKS2 header")),
    finding(
      "foreign-keyslots",
      .fail(
        "esvol", "keyslot 1 on '/dev/nvme1n1' is not esvault's",
        advice: "If nobody needs it, take it away: cryptsetup luksKillSlot /dev/nvme1n1 1")),
  ]

  static let unknowns = [
    finding(
      "luks2",
      .unknown(
        "esvol", "only root may read the header on '/dev/nvme1n1'",
        advice: "Run as root: sudo esvault audit")),
    finding("swap", .pass("swap", "this machine has no swap")),
  ]

  static let encryptedPlace = AuditedPlace(
    purpose: .data, path: "/mnt/es/elasticsearch",
    origin: "path.data in '/etc/elasticsearch/elasticsearch.yml'", isEncrypted: true,
    chain: [
      .init(level: 0, kind: .path, name: "/mnt/es/elasticsearch"),
      .init(level: 1, kind: .mount, name: "/mnt/es", detail: "ext4"),
      .init(
        level: 2, kind: .mapping, name: "/dev/mapper/esvol", detail: "aes-xts-plain64, 512 bits",
        encrypts: true),
      .init(level: 3, kind: .array, name: "/dev/md0", detail: "raid1"),
      .init(level: 4, kind: .disk, name: "/dev/nvme1n1", detail: "3.5 TiB, vol0123456789abcdef0"),
      .init(level: 4, kind: .disk, name: "/dev/nvme2n1", detail: "3.5 TiB, vol0fedcba9876543210"),
    ])

  static let places = [
    encryptedPlace,
    AuditedPlace(
      purpose: .logs, path: "/var/log/elasticsearch",
      origin: "path.logs in '/etc/elasticsearch/elasticsearch.yml'", isEncrypted: false,
      chain: [
        .init(level: 0, kind: .path, name: "/var/log/elasticsearch"),
        .init(level: 1, kind: .mount, name: "/", detail: "ext4"),
        .init(level: 2, kind: .partition, name: "/dev/vda1"),
        .init(level: 3, kind: .disk, name: "/dev/vda", detail: "20 GiB"),
      ]),
    AuditedPlace(
      purpose: .temporary, path: "/tmp", origin: "ES_TMPDIR of the unit", isEncrypted: true,
      chain: [
        .init(level: 0, kind: .path, name: "/tmp"), .init(level: 1, kind: .memory, name: "tmpfs"),
      ]),
    AuditedPlace(
      purpose: .repository, path: "/mnt/backup", origin: "path.repo", isEncrypted: nil,
      chain: [
        .init(level: 0, kind: .path, name: "/mnt/backup"),
        .init(level: 1, kind: .network, name: "nas:/export/backup", detail: "nfs4"),
      ], problem: "'nas:/export/backup' is on another machine"),
  ]

  static func report(
    _ findings: [Finding], host: String = "web-1", images: [String] = [],
    time: String = "2026-11-21T20:45:00Z",
    skipped: [String] = [], places: [AuditedPlace] = places
  ) -> AuditReport {
    AuditReport(
      host: host, images: images, time: time, version: "0.1.0", checks: checks, skipped: skipped,
      audit: Audit(findings: findings), places: places)
  }

  static func document(
    _ findings: [Finding], host: String = "web-1", images: [String] = [],
    time: String = "2026-11-21T20:45:00Z",
    skipped: [String] = [], places: [AuditedPlace] = places
  ) throws -> AuditDocument {
    let report = report(
      findings, host: host, images: images, time: time, skipped: skipped, places: places)
    return try AuditDocument(parsing: AuditJSON.document(report).text.utf8)
  }

  /// Hosts of which every seventh cannot be looked at, and many fail.
  static func fleet(_ count: Int) throws -> Fleet {
    Fleet(
      try (1...count).map { index in
        let findings = index % 7 == 0 ? unknowns : index % 3 == 1 ? failures : passes
        return (
          "audits/web-\(index).json", .success(try document(findings, host: "web-\(index)"))
        )
      }, at: now)
  }

  /// Soon after all the audits here, in seconds since 1970: 2026-11-23T00:00:00Z.
  static let now = 1_795_392_000
}
