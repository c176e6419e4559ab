import Foundation
import Lab
import Testing

/// A fleet of three machines from blank disks to a report, by the real ansible-playbook over ssh.
///
/// One scenario, for each of its states comes from the one before: the README of the collection, word
/// by word. `es1` makes its key itself, `es2` is given one from a vault and installs the packages of a
/// repository, by a user who is not root, `es3` has somebody's filesystem on its disk.
@Suite struct FleetTests {
  @Test func aFleetBecomesEncryptedAndTellsSo() async throws {
    try await Fleet.with { fleet in
      try aRehearsalChangesNothing(fleet)
      try whatIsMissingIsNamedAndTheOthersGoOn(fleet)
      try packagesAreInstalled(fleet)
      try aCheckShowsEachPlan(fleet)
      try aRunThatWasCutOffIsFinishedByTheNext(fleet)
      try aSecondRunChangesNothing(fleet)
      try aNodeRestartsAndIsTheSame(fleet)
      try aLockedVolumeIsUnlocked(fleet)
      try theReportHasEveryHost(fleet)
      try aForeignFilesystemIsGivenUpOnlyByName(fleet)
    }
  }

  private func aRehearsalChangesNothing(_ fleet: Fleet) throws {
    let before = try fleet.states()
    let play = try fleet.play("provision", "--check")
    #expect(play.output.status == 0, "\(play.said)")
    #expect(play.said.contains("esvault is not installed yet"), "\(play.said)")
    for host in Fleet.names { #expect((play.count("changed", host) ?? 0) > 0, "\(play.said)") }
    #expect(try fleet.states() == before)
  }

  /// The machines reach no network. On es1 an installation was cut off.
  private func whatIsMissingIsNamedAndTheOthersGoOn(_ fleet: Fleet) throws {
    let status = "/var/lib/dpkg/status"
    try fleet["es1"].copy(Checkout.package("deb"), to: "/root/esvault.deb")
    try fleet["es1"].bash("dpkg --unpack /root/esvault.deb >&2")
    try fleet["es3"].bash(
      """
      cp \(status) /root/
      sed -i '/^Package: libyaml-0-2$/,/^$/s/^Status: .*/Status: deinstall ok config-files/' \(status)
      """)
    let play = try fleet.play("provision", "--tags", "install", "--limit", "es1,es3")
    try fleet["es3"].bash("mv /root/status \(status)")
    #expect(play.count("failed", "es1") == 0 && play.count("failed", "es3") == 1, "\(play.said)")
    #expect(play.count("changed", "es1") == 2, "\(play.said)")
    #expect(
      try fleet["es1"].bash("dpkg-query -W -f '${db:Status-Abbrev}' esvault").hasPrefix("ii"))
    #expect(play.said.contains("es3: could not install"), "\(play.said)")
    #expect(play.said.contains("libyaml-0-2"), "\(play.said)")
    #expect(play.said.contains("must be in a repository that the host reaches"))
    #expect(try fleet["es3"].run("esvault --version").status == 127)

    // From a repository of which apt has no list yet.
    try fleet["es3"].bash(
      """
      mkdir /srv/repository
      cp /var/cache/esvault/*.deb /srv/repository/esvault.deb
      echo 'deb [trusted=yes] file:/srv/repository ./' >/etc/apt/sources.list
      """)
    try fleet.makeRepository(of: "esvault", on: "es3")
    let listed = try fleet.play(
      "provision", "--tags", "install", "--limit", "es3", "--extra-vars", "esvault_package_file=")
    #expect(listed.output.status == 0 && listed.count("changed", "es3") == 1, "\(listed.said)")
  }

  private func packagesAreInstalled(_ fleet: Fleet) throws {
    let play = try fleet.play(
      "provision", "--tags", "install,elasticsearch", "--limit", "es2,es3")
    #expect(play.output.status == 0, "\(play.said)")
    let selected = try fleet["es2"].bash("dpkg --get-selections elasticsearch-stand-in")
    #expect(selected.hasSuffix("hold"))
  }

  private func aCheckShowsEachPlan(_ fleet: Fleet) throws {
    let before = try fleet.states()
    let play = try fleet.play("provision", "--check", "--tags", "key,provision")
    #expect(play.output.status == 2)
    #expect(
      play.said.contains("write a LUKS2 header: aes-xts-plain64, 512-bit key"), "\(play.said)")
    #expect(play.said.contains("es3: refused: none of this machine's 2 disks is blank and free"))
    #expect(play.said.contains("'/dev/nvme0n1' holds ext4 filesystem 'somebody'"), "\(play.said)")
    #expect(play.said.contains("Attach a blank disk, or name the one that you mean"))
    #expect(play.count("changed", "es1") == 1)
    #expect(play.count("changed", "es2") == 2)
    #expect(play.count("failed", "es3") == 1)

    let without = try fleet.play(
      "provision", "--check", "--tags", "provision", "--limit", "es1", "--extra-vars",
      "esvault_es_config=/nonexistent")
    #expect(
      without.said.contains("es1: refused: Elasticsearch is not installed"), "\(without.said)")
    #expect(try fleet.states() == before)
  }

  private func aRunThatWasCutOffIsFinishedByTheNext(_ fleet: Fleet) throws {
    try fleet.ansible.cutOff(
      "provision", ["--tags", "key,provision"],
      when:
        "'\(Checkout.folder)/Tests/Lab/machine' run \(fleet["es1"].name) test -e /dev/mapper/esvol")
    let play = try fleet.play("provision", "--tags", "key,provision", "-vvv", with: .newest)
    #expect(play.output.status == 2)
    for host in ["es1", "es2"] { #expect(play.count("failed", host) == 0, "\(play.said)") }
    #expect(play.said.contains("es3: refused: "))
    for host in ["es1", "es2"] {
      try fleet[host].bash(
        "esvault status --require --path-data; test -e /mnt/es/elasticsearch/nodes")
    }
    // The key from the vault is in its file, and nowhere else.
    #expect(!play.said.contains(Fleet.key))
    let key = "/etc/esvault/keys/esvol.key"
    #expect(
      try fleet["es2"].bash("base64 --wrap=0 \(key); stat -c ' %a %U' \(key)")
        == "\(Fleet.key) 400 root")
    #expect(try fleet["es2"].run("journalctl --no-pager | grep -F \(Fleet.key)").stdout == "")
    #expect(try fleet["es3"].bash("blkid -o value -s LABEL /dev/nvme0n1") == "somebody")
  }

  private func aSecondRunChangesNothing(_ fleet: Fleet) throws {
    let play = try fleet.play("provision", "-vvv")
    #expect(!play.said.contains(Fleet.key))
    for host in Fleet.names { #expect(play.count("changed", host) == 0, "\(play.said)") }
    #expect(play.count("failed", "es3") == 1)
    // A key that is not the stored one is a mistake, not a new key.
    let other = try fleet.play(
      "provision", "--check", "--tags", "key", "--limit", "es2", "--extra-vars",
      "esvault_key_content=b3RoZXI=", with: .newest)
    #expect(
      other.said.contains("es2: the key in '/etc/esvault/keys/esvol.key' is not the one"),
      "\(other.said)")
  }

  private func aNodeRestartsAndIsTheSame(_ fleet: Fleet) throws {
    let node = Node(machine: fleet["es1"])
    let id = try node.id()
    let boot = try fleet["es1"].bash("cat /proc/sys/kernel/random/boot_id")
    let play = try fleet.play("rolling_restart", "--limit", "es1")
    #expect(play.output.status == 0, "\(play.said)")
    #expect(try node.id() == id)
    #expect(try fleet["es1"].bash("cat /proc/sys/kernel/random/boot_id") != boot)
    #expect(try node.ask("_cluster/settings").contains("allocation") == false)
  }

  private func aLockedVolumeIsUnlocked(_ fleet: Fleet) throws {
    try fleet["es2"].bash("esvault lock")
    let play = try fleet.play("unlock", "--limit", "es1,es2")
    #expect(play.output.status == 0, "\(play.said)")
    #expect(play.count("changed", "es1") == 0)
    #expect(play.count("changed", "es2") == 1)
    try fleet["es2"].bash("esvault status --require --path-data")
    // The audit looks at the files of a node that runs, and this one has only begun to start.
    try Node(machine: fleet["es2"]).waitUntilGreen()
  }

  private func theReportHasEveryHost(_ fleet: Fleet) throws {
    try fleet.write(unreachable: ["es4"])
    let play = try fleet.play(
      "audit", "--extra-vars", "esvault_audit_program=\(Checkout.folder)/.build/release/esvault",
      with: .newest)
    #expect(play.output.status == 2)
    for line in ["es1: pass", "es2: pass", "es3: fail: data-path", "es4: no audit"] {
      #expect(play.said.contains("\"\(line)"), "\(play.said)")
    }
    #expect(play.count("failed", "es4") == 1)
    for host in Fleet.names {
      #expect(play.count("failed", host) == 0 && play.count("changed", host) == 0)
    }
    let page = try String(
      contentsOfFile: fleet.ansible.folder + "/esvault-audit/report.html", encoding: .utf8)
    for word in ["es1", "es2", "es3", "es4.json", "holds ext4 filesystem", "somebody"] {
      #expect(page.contains(word), "\(word)")
    }
  }

  private func aForeignFilesystemIsGivenUpOnlyByName(_ fleet: Fleet) throws {
    let play = try fleet.play(
      "provision", "--tags", "provision", "--limit", "es3", "--extra-vars",
      "esvault_device=vol3 esvault_wipe=vol3 esvault_start=false")
    #expect(play.output.status == 0, "\(play.said)")
    #expect(try fleet["es3"].bash("blkid -o value -s TYPE /dev/nvme0n1") == "crypto_LUKS")
  }
}
