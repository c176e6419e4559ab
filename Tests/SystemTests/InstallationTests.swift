import Lab
import Testing

/// The Debian package comes, is replaced and goes, on a machine that has a volume.
@Suite struct InstallationTests {
  @Test func theVolumeSurvivesUpgradeRemovalAndPurge() async throws {
    let disk = Machine.Disk(serial: "vol1", bytes: 256 << 20)
    let folder = try Scratch()
    defer { folder.remove() }
    let (older, package) = (try Checkout.olderPackage(in: folder), try Checkout.package("deb"))
    try await Machine.with(disks: [disk]) { machine in
      try machine.copy(older, to: "/root/older.deb")
      try machine.copy(package, to: "/root/esvault.deb")
      try expectDependencies(on: machine)
      try machine.provision("vol1 --generate-key --no-start").expectDone()
      // What provisioning has only asked systemd for is over.
      try machine.bash("systemctl start esvault-unlock")
      let before = try machine.bash(Self.state)

      let upgrade = try machine.run("dpkg --install /root/esvault.deb")
      #expect(upgrade.status == 0 && upgrade.stderr.isEmpty, "\(upgrade.stderr)")
      try expectInstalled(on: machine)
      #expect(try machine.bash(Self.state) == before)

      let removal = try machine.run(
        "systemctl enable --quiet esvault-provision; dpkg --remove esvault")
      #expect(removal.status == 0)
      #expect(removal.stderr.contains("esvault: This machine has volumes. They stay open"))
      #expect(try machine.bash(Self.state) == before)
      #expect(try machine.run("systemctl start elasticsearch").status != 0, "the gate is gone")

      let purge = try machine.run("dpkg --purge esvault")
      #expect(purge.status == 0)
      for place in ["in /etc/esvault", "/etc/esvault/esvault.yml says", "/var/lib/esvault says"] {
        #expect(purge.stderr.contains(place), "\(purge.stderr)")
      }
      #expect(try machine.bash(Self.state) == before)
      let left = try machine.bash("find /etc/systemd /usr /var/lib -name '*esvault*' | sort")
      #expect(left == Self.left, "\(left)")

      try machine.bash("cd /root; apt-get -q install --yes ./esvault.deb; esvault status --require")
    }
  }

  /// Without a library dpkg says what is missing; with it, a rerun does the rest.
  private func expectDependencies(on machine: Machine) throws {
    // A package of the same name with the library in it, for there is no network.
    try machine.bash(
      """
      mkdir -p /root/yaml/DEBIAN /root/yaml/usr/lib/x86_64-linux-gnu
      cp -a /usr/lib/x86_64-linux-gnu/libyaml-0.so.2* /root/yaml/usr/lib/x86_64-linux-gnu/
      dpkg-query --show --showformat 'Package: libyaml-0-2\\nVersion: ${Version}\\nArchitecture: amd64
      Maintainer: ${Maintainer}\\nDescription: stand-in\\n' libyaml-0-2 >/root/yaml/DEBIAN/control
      dpkg-deb -Znone --build /root/yaml /root/yaml.deb
      dpkg --force-depends --remove libyaml-0-2
      """)
    let refused = try machine.run("dpkg --install /root/older.deb")
    #expect(refused.status == 1)
    #expect(refused.stderr.contains("esvault depends on libyaml-0-2"), "\(refused.stderr)")
    try machine.bash("dpkg --install /root/yaml.deb; dpkg --configure --pending")
    #expect(try machine.bash("esvault --version").hasPrefix("esvault "))
  }

  /// Everything is in its place, and nothing has started.
  private func expectInstalled(on machine: Machine) throws {
    #expect(try machine.bash("dpkg --verify esvault; dpkg --audit") == "")
    let unit = "esvault-provision.service"
    let states = try machine.run("systemctl is-enabled \(unit); systemctl is-active \(unit)")
    #expect(states.stdout == "disabled\ninactive\n")
    let share = "/usr/share"
    try machine.bash(
      """
      zcat \(share)/man/man8/esvault-provision.8.gz | grep -q 'Dt ESVAULT-PROVISION 8'
      test -s \(share)/zsh/vendor-completions/_esvault
      test -s \(share)/fish/vendor_completions.d/esvault.fish
      cat \(share)/doc/esvault/examples/esvault.yml \(share)/doc/esvault/copyright >/dev/null
      """)
    let completed = try machine.bash(
      """
      source \(share)/bash-completion/completions/esvault
      set +eu
      COMP_LINE='esvault pro' COMP_POINT=11 COMP_WORDS=(esvault pro) COMP_CWORD=1
      _esvault esvault pro esvault
      echo "${COMPREPLY[*]}"
      """)
    #expect(completed == "provision")
  }

  /// All that makes the volume, and when its unit has started: an upgrade must not restart it.
  private static let state = """
    dmsetup table esvol
    findmnt --noheadings /mnt/es
    head -c 16M /dev/disk/by-id/nvme-QEMU_NVMe_Ctrl_vol1 | sha256sum
    find /etc/esvault /etc/systemd/system -name '*esv*' -type f -exec sha256sum {} + | sort
    systemctl show --property=ActiveState,ActiveEnterTimestamp esvault-unlock.service
    """

  /// What the program made, and its configuration and volumes need.
  private static let left = """
    /etc/systemd/system/elasticsearch.service.d/esvault.conf
    /etc/systemd/system/esvault-unlock.service
    /etc/systemd/system/esvault-unlock.service.d
    /etc/systemd/system/multi-user.target.wants/esvault-unlock.service
    /var/lib/esvault
    """
}
