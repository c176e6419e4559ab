import Foundation
import Lab

/// Three machines, an inventory of them, and the Ansible that drives them.
struct Fleet: Sendable {
  static let names = ["es1", "es2", "es3"]
  /// The key of es2's volume, as a vault would hold it: bytes that are no text.
  static let key = Data((0..<64).map { UInt8(truncatingIfNeeded: $0 * 37 + 128) })
    .base64EncodedString()

  let ansible: Ansible
  let machines: [String: Machine]

  subscript(name: String) -> Machine { machines[name]! }

  static func with(_ body: (Fleet) async throws -> Void) async throws {
    let folder = try Scratch()
    defer { folder.remove() }
    var machines: [String: Machine] = [:]
    defer { for machine in machines.values { try? machine.stop() } }
    for (number, name) in names.enumerated() {
      let disk = Machine.Disk(serial: "vol\(number + 1)", bytes: 512 << 20)
      let machine = try Machine.start(disks: [disk])
      machines[name] = machine
      // The node looks its own name up, and reports tell hosts apart by theirs.
      try machine.bash(
        "hostname \(name); echo \(name) >/etc/hostname; echo 127.0.0.1 \(name) >>/etc/hosts")
    }
    let fleet = Fleet(ansible: Ansible(in: folder.path), machines: machines)
    try fleet["es3"].bash("mke2fs -q -t ext4 -L somebody /dev/nvme0n1")
    try fleet.makeElasticsPackage()
    try fleet.makeAdministrator()
    try fleet.write()
    try await body(fleet)
  }

  func play(_ playbook: String, _ words: String..., with version: Ansible.Version = .debian) throws
    -> Play
  {
    try ansible.play(playbook, words, with: version)
  }

  /// What a run could have changed on the machines: packages, files of ours, disks.
  func states() throws -> [String] {
    try Self.names.map {
      try self[$0].bash(
        """
        dpkg-query -W | sha256sum; ls -d /var/cache/esvault /etc/esvault /mnt/es /dev/mapper/* 2>&1 || true
        find /etc -xdev -type f -exec sha256sum {} + | sort | sha256sum
        awk '{ print $5, $7, $12, $14 }' /sys/block/nvme0n1/stat
        """)
    }
  }

  /// The inventory that `Playbooks/README.md` shows, of these machines.
  func write(unreachable: [String] = []) throws {
    let identity = try self["es1"].ssh("IdentityFile")
    let lines = try Self.names.map {
      "    \($0): {ansible_port: \(try self[$0].ssh("Port"))\(Self.variables[$0] ?? "")}"
    }
    try ansible.write(
      inventory: """
        elasticsearch:
          hosts:
        \((lines + unreachable.map { "    \($0): {ansible_port: 9}" }).joined(separator: "\n"))
          vars:
            ansible_host: 127.0.0.1
            ansible_user: root
            ansible_ssh_private_key_file: \(identity)
            ansible_ssh_common_args: -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR
            ansible_pipelining: true
            ansible_python_interpreter: /usr/bin/python3
            esvault_package_file: \(try Checkout.package("deb"))
            esvault_confine: true
        """)
  }

  private static let variables = [
    "es1": ", esvault_device: vol1",
    "es2": """
    , ansible_user: admin, esvault_key: content, esvault_key_content: '\(key)', esvault_key_is_random: true, \
    elasticsearch_install: true, elasticsearch_package: elasticsearch-stand-in, \
    elasticsearch_version: 1.0, elasticsearch_repository: 'deb [trusted=yes] file:/srv/repository ./'
    """,
  ]

  /// An ordinary user of es2, who becomes root with sudo as the README's does; the others' is root.
  private func makeAdministrator() throws {
    try self["es2"].bash(
      """
      useradd --create-home --password '*' admin
      cp -r /root/.ssh /home/admin/
      chown -R admin: /home/admin
      echo 'admin ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/admin
      """)
  }

  /// A repository on es2, in place of Debian's, with an empty package that stands in for Elastic's.
  private func makeElasticsPackage() throws {
    try self["es2"].bash(
      """
      rm /etc/apt/sources.list
      mkdir -p /srv/repository /run/package/DEBIAN
      cat >/run/package/DEBIAN/control
      dpkg-deb --build /run/package /srv/repository/elasticsearch-stand-in.deb >&2
      """,
      input: """
        Package: elasticsearch-stand-in
        Version: 1.0
        Architecture: all
        Maintainer: the lab <lab@example.org>
        Description: stands in for Elastic's package

        """)
    try makeRepository(of: "elasticsearch-stand-in", on: "es2")
  }

  /// Makes the folder with a package a repository.
  func makeRepository(of package: String, on host: String) throws {
    try self[host].bash(
      """
      cd /srv/repository
      { dpkg-deb --field \(package).deb
        echo "Filename: ./\(package).deb"
        echo "Size: $(stat -c %s \(package).deb)"
        echo "SHA256: $(sha256sum \(package).deb | cut -d' ' -f1)"
      } >Packages
      """)
  }
}
