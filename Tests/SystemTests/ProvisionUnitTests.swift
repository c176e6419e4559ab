import Foundation
import Lab
import Testing

/// `esvault-provision.service` makes the volumes of the configuration at boot, with nobody there.
@Suite struct ProvisionUnitTests {
  private static let configuration = """
    version: 1
    volumes:
      - name: esvol
        device: vol1
        key: {file: /etc/esvault/keys/esvol.key, generate: true}
    """
  /// A disk that somebody uses, named by mistake.
  private static let mistake = """

      - name: second
        device: foreign1
        mount: /mnt/second
        key: {file: /etc/esvault/keys/second.key, generate: true}
    """

  @Test func volumesAreMadeAsTheirDisksAppearAndThenLeftAlone() async throws {
    let foreign = Machine.Disk(serial: "foreign1", bytes: 256 << 20)
    try await Machine.withEsvault(disks: [foreign]) { machine in
      try machine.installUnit()
      try machine.bash(
        """
        mkfs.ext4 -q \(machine.link("foreign1"))
        mkdir -p /etc/esvault
        cat >/etc/esvault/esvault.yml
        systemctl enable esvault-provision.service
        sync
        """, input: Self.configuration + Self.mistake)
      let none = try machine.run("esvault provision --unfinished --config /etc/esvault/none.yml")
      #expect(none.status == 2 && none.stderr.contains("no configuration '/etc/esvault/none.yml'"))
      try machine.bash("printf 'version: 1\nvolumes: []\n' >/root/empty.yml")
      let empty = try machine.run("esvault provision --unfinished --config /root/empty.yml")
      #expect(empty.status == 0 && empty.stderr.contains("names no volume"), "\(empty)")
      try machine.reboot()
      try aDiskThatComesLateIsWaitedFor(in: machine)
      try theOtherIsRefusedAndTheUnitSaysSo(in: machine)
      try aFinishedVolumeIsLeftAlone(in: machine)
    }
  }

  private func aDiskThatComesLateIsWaitedFor(in machine: Machine) throws {
    try machine.bash(
      """
      for i in $(seq 1200); do
        journalctl -b -u esvault-provision | grep -q "waiting up to 300 s: no disk has .* 'vol1'" && break
        sleep 0.1
      done
      # Who waits keeps nobody else waiting.
      sleep 1
      for i in $(seq 50); do flock -n /run/esvault.lock true && break; sleep 0.1; done
      ((i < 50))
      """)
    #expect(try machine.run("systemctl is-active esvault-provision").stdout == "activating\n")
    // The name was a mistake, too, and is mended while the unit waits.
    try machine.attach(Machine.Disk(serial: "vol2", bytes: 256 << 20))
    try machine.bash("sed -i 's/device: vol1/device: vol2/' /etc/esvault/esvault.yml")
    try machine.waitUntilBooted()
    try Node(machine: machine).waitUntilGreen()
    #expect(
      try machine.bash("lsblk -rno TYPE,MOUNTPOINT \(machine.link("vol2"))").contains(
        "crypt /mnt/es"))
    #expect(try machine.bash("stat -c %a /etc/esvault/keys/esvol.key") == "400")
  }

  private func theOtherIsRefusedAndTheUnitSaysSo(in machine: Machine) throws {
    #expect(try machine.run("systemctl is-active esvault-provision").stdout == "failed\n")
    let status = try machine.run("systemctl status esvault-provision --no-pager --full").stdout
    #expect(status.contains("volume 'second' is not done: "), "\(status)")
    #expect(status.contains("holds ext4 filesystem"), "\(status)")
    let journal = try machine.bash("journalctl -b -u esvault-provision -o cat --no-pager")
    #expect(journal.contains("--wipe"), "\(journal)")
    #expect(journal.components(separatedBy: "waiting up to").count == 2, "\(journal)")
    #expect(try machine.bash("blkid -p -o value -s TYPE \(machine.link("foreign1"))") == "ext4")
  }

  /// Neither a node that its operator has disabled is started, nor a blank disk taken that is nobody's.
  private func aFinishedVolumeIsLeftAlone(in machine: Machine) throws {
    try machine.bash(
      """
      systemctl disable --now elasticsearch
      blkdiscard -f \(machine.link("foreign1"))
      sed -i '/name: second/,$d' /etc/esvault/esvault.yml
      """)
    let state =
      "sha256sum /etc/esvault/esvault.yml; head -c 16M \(machine.link("vol2")) | sha256sum; head -c 64M \(machine.link("foreign1")) | sha256sum"
    let before = try machine.bash(state)
    try machine.bash("systemctl start esvault-provision")
    #expect(try machine.bash(state) == before)
    #expect(try machine.run("systemctl is-active elasticsearch").stdout == "inactive\n")
    #expect(try machine.run("systemctl is-enabled elasticsearch").stdout == "disabled\n")
    let said = try machine.bash("journalctl -b -u esvault-provision -o cat --no-pager | tail -n 5")
    #expect(said.contains("was finished once"), "\(said)")
    // Nor one that was never recorded, as that of a copy, on a volume which is closed.
    try machine.bash(
      """
      esvault lock esvol
      sed -i '/node:/d' /etc/esvault/esvault.yml
      systemctl start esvault-provision
      findmnt -rno TARGET /mnt/es
      """)
    #expect(try machine.run("systemctl is-active elasticsearch").stdout == "inactive\n")
    #expect(try machine.run("systemctl is-enabled elasticsearch").stdout == "disabled\n")
    let closed = try machine.bash(
      "journalctl -b -u esvault-provision -o cat --no-pager | tail -n 9")
    #expect(closed.contains("holds a node, and 'elasticsearch.service' does not run"), "\(closed)")
  }
}

extension Machine {
  /// The unit as the package ships it, with the program where the package puts it.
  fileprivate func installUnit() throws {
    try copy(
      Checkout.folder + "/Packaging/esvault-provision.service", to: "/usr/lib/systemd/system/")
    try bash("mv /usr/local/bin/esvault /usr/sbin/; systemctl daemon-reload")
  }
}
