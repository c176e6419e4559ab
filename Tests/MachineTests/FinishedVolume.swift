import Foundation
import Testing

/// All that must be true of a finished volume, looked at with the machine's own programs.
struct FinishedVolume {
  let disk: NVMe
  var sectorSize = 4096

  func expect(sourceLocation: SourceLocation = #_sourceLocation) throws {
    func check(_ claim: Bool, _ what: @autoclosure () -> String) {
      #expect(claim, "\(what())", sourceLocation: sourceLocation)
    }
    let dump = try bash("cryptsetup luksDump \(disk.path)").condensed
    for line in [
      "Version: 2", "Label: esvault:esvol", "Subsystem: esvault", "cipher: aes-xts-plain64",
      "sector: \(sectorSize) [bytes]", "offset: 16777216 [bytes]", "Key: 512 bits",
      "Digest hash: sha256|Hash: sha512",
    ] {
      check(line.split(separator: "|").contains { dump.contains($0) }, "\(line) not in \(dump)")
    }
    let json = try bash("cryptsetup luksDump --dump-json-metadata \(disk.path)")
    check(json.matches(#""type":\s*"luks2""#) == 1, "one keyslot: \(json)")
    check(json.matches(#""phase":\s*"ready""#) == 1, "one token, ready: \(json)")
    check(json.matches(#""type":\s*"esvault""#) == 1, "one token of esvault: \(json)")

    let mount = try bash("findmnt -rno SOURCE,FSTYPE,OPTIONS /mnt/es")
    check(mount.hasPrefix("/dev/mapper/esvol ext4 "), mount)
    for option in ["noatime", "nodev", "nosuid"] { check(mount.contains(option), mount) }
    check(
      try bash("lsblk -rno NAME \(disk.path)").split(separator: "\n").contains("esvol"), "lsblk")
    check(
      try bash("stat -c '%a %U:%G' /mnt/es /mnt/es/{elasticsearch,diagnostics}")
        == "711 root:root\n750 elasticsearch:elasticsearch\n750 elasticsearch:elasticsearch",
      "modes of the directories")
    check(try underlyingIsImmutable(), "the directory under the mount is immutable")

    let state = try bash("find /mnt/es/elasticsearch/nodes/0/_state -name 'node-*.st' -size 71c")
    check(state.split(separator: "\n").count == 1, "one node state: \(state)")
    let record = try bash("cat /etc/esvault/esvault.yml")
    // Foundation brings a uuid_unparse(3) of its own, which writes capitals: a header that was
    // written by the process of a test has them.
    let uuid = try bash("cryptsetup luksUUID \(disk.path)").lowercased()
    check(record.contains("device: \(disk.serial)\n"), record)
    check(record.contains(uuid), "\(uuid) not in \(record)")
    check(!record.contains("nvme0n1") && !record.contains(disk.path), record)
    check(
      try bash("find /var/lib/esvault -type f 2>/dev/null || true").isEmpty, "no intent is left")
    check(
      try bash("grep '^path.data' /etc/elasticsearch/elasticsearch.yml")
        == "path.data: /mnt/es/elasticsearch", "path.data")
    try expectUnits(check)
  }

  /// Here is no systemd to read them: SystemTests show what they do.
  private func expectUnits(_ check: (Bool, @autoclosure () -> String) -> Void) throws {
    let files =
      "cd /etc/systemd/system && cat esvault-unlock.service esvault-unlock.service.d/volume-esvol.conf"
    let units = try bash(
      "\(files) mnt-es.mount elasticsearch.service.d/esvault.conf; ls multi-user.target.wants")
    for line in [
      "ExecStart=/payload/esvault unlock --no-start", "Before=elasticsearch.service",
      "Where=/mnt/es", "ExecStartPre=+/payload/esvault status --require --path-data esvol",
      "LimitCORE=0",
      "StopPropagatedFrom=dev-disk-by\\x2did-nvme\\x2dQEMU_NVMe_Ctrl_\(disk.serial).device",
      "esvault-unlock.service", "elasticsearch.service",
    ] { check(units.split(separator: "\n").contains { $0 == line }, "\(line) not in \(units)") }
  }

  /// Looks below the mount through a second mount of the root filesystem.
  private func underlyingIsImmutable() throws -> Bool {
    try bash(
      """
      mkdir -p /tmp/below
      mount --bind / /tmp/below
      lsattr -d /tmp/below/mnt/es || true
      umount /tmp/below
      """
    ).split(separator: " ").first?.contains("i") ?? false
  }
}

extension String {
  /// With every run of blanks as one.
  var condensed: String {
    split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " ")
  }

  func matches(_ pattern: String) -> Int {
    (try? NSRegularExpression(pattern: pattern))?
      .numberOfMatches(in: self, range: NSRange(startIndex..., in: self)) ?? 0
  }
}
