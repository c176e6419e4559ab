import Foundation
import Lab
import Testing

/// The commands of `Documentation/operations.md`, as they stand there, during the life of one volume.
/// That volume is gone afterwards: these come last.
extension NodeTests {
  private var page: Page { get throws { try Page("Documentation/operations.md") } }

  @Test func aVolumeGoesThroughItsLifeByThePage() async throws {
    let finished = try FinishedNode.shared
    let machine = finished.machine
    let disk = machine.link("vol1")
    try keepsAndRotates(machine, disk)
    try finished.node.waitUntilGreen()

    try machine.bash(page.commands("Replace an instance", 0, on: disk))
    let key = try machine.bash("base64 -w 0 /etc/esvault/keys/esvol.key")
    try machine.detach("vol1")
    // The cloud has made it larger meanwhile; and it has another serial, as a snapshot that was restored.
    try finished.disk.enlarge(to: 768 << 20)
    let copy = Machine.Disk(serial: "vol2", file: finished.disk.path, bytes: nil)
    try await Machine.withEsvault(disks: [copy]) { machine in
      let node = Node(machine: machine)
      let disk = machine.link("vol2")
      try machine.bash(page.commands("Replace an instance", 1, on: disk))
      try machine.bash("umask 377; base64 -d >/etc/esvault/keys/esvol.key", input: key)
      // A package takes the next free number for its user.
      try machine.bash(
        """
        usermod --uid 950 elasticsearch
        chown -R elasticsearch /var/lib/elasticsearch /var/log/elasticsearch
        """)
      try machine.bash(page.commands("Replace an instance", 2, on: disk))
      try node.waitUntilGreen()
      #expect(try node.id() == finished.made.nodeID)
      #expect(try node.hits("secret") == 3)
      try grows(machine, disk)
      // What Elasticsearch logs beside the volume is found; this one was made without --confine.
      let proof = try machine.run(page.commands("Prove it", 0, on: disk))
      #expect(proof.status == 3, "\(proof.stdout)\(proof.stderr)")
      try isDecommissioned(machine, disk)
    }
  }

  private func keepsAndRotates(_ machine: Machine, _ disk: String) throws {
    try machine.bash(page.commands("Keep what you cannot lose", 0, on: disk))
    #expect(try machine.bash("cryptsetup luksUUID /root/esvol.header") != "")
    let header = "cryptsetup luksDump \(disk) | sha256sum"
    let before = try machine.bash(header)
    try machine.bash("cp /etc/esvault/keys/esvol.key /root/old.key")
    let (first, second) = (
      try page.commands("Rotate the key", 0, on: disk),
      try page.commands("Rotate the key", 1, on: disk)
    )
    // What is pasted next changes nothing either.
    try nothingIsChanged(in: machine, disk) { wrong in
      let wrongly = try machine.run(page.commands("Rotate the key", 0, on: wrong))
      let afterwards = try machine.run(second)
      #expect(wrongly.status != 0 && afterwards.status != 0)
    }
    // A new key that exists may be the only one, and is not written over.
    try machine.bash("touch /etc/esvault/keys/esvol.key.new")
    #expect(try machine.run(first).status != 0)
    #expect(try machine.bash(header) == before)
    try machine.bash(
      "cmp /root/old.key /etc/esvault/keys/esvol.key; rm /etc/esvault/keys/esvol.key.new")
    for commands in [first, second] {
      let rotated = try machine.run(commands)
      #expect(rotated.status == 0, "\(rotated.stdout)\(rotated.stderr)")
    }
    #expect(try machine.bash(header) != before)
    let opens = "cryptsetup open --test-passphrase \(disk) --key-file"
    #expect(try machine.run("\(opens) /root/old.key").status == 2)
    try machine.bash("\(opens) /etc/esvault/keys/esvol.key")
    try machine.bash("cmp /root/old.key /etc/esvault/keys/esvol.key.old")
  }

  private func grows(_ machine: Machine, _ disk: String) throws {
    let size = "df --output=size -B 1M /mnt/es | tail -n 1"
    let before = try #require(Int(machine.bash(size).trimmingCharacters(in: .whitespaces)))
    try machine.bash(page.commands("Grow", 0, on: disk))
    let after = try #require(Int(machine.bash(size).trimmingCharacters(in: .whitespaces)))
    #expect(after > before + 200, "\(before) MiB, then \(after) MiB")
  }

  /// On the wrong disk, and on a copy of the right one, such as a snapshot or what was left when one was
  /// taken over.
  private func nothingIsChanged(
    in machine: Machine, _ disk: String, by commands: (String) throws -> Void
  ) throws {
    try machine.bash(
      """
      head -c 20M \(disk) >/root/copy
      sha256sum /root/copy >/root/copy.sum
      losetup /dev/loop7 /root/copy
      """)
    for wrong in ["/dev/vda", "/dev/loop7"] { try commands(wrong) }
    try machine.bash(
      """
      losetup --detach /dev/loop7
      sha256sum --check --quiet /root/copy.sum
      cmp --bytes=16M \(disk) /root/copy
      """)
  }

  private func isDecommissioned(_ machine: Machine, _ disk: String) throws {
    try nothingIsChanged(in: machine, disk) { wrong in
      let wrongly = try machine.run(page.commands("Decommission", 0, on: wrong))
      #expect(wrongly.status != 0)
    }
    try machine.bash("test -e /etc/esvault/keys/esvol.key; mountpoint -q /mnt/es")
    try machine.bash(page.commands("Decommission", 0, on: disk))
    #expect(try machine.bash("ls /dev/mapper; ls /etc/esvault/keys") == "control")
    #expect(try machine.run("cryptsetup isLuks \(disk)").status != 0)
    let units = try machine.run("systemctl is-enabled esvault-unlock elasticsearch")
    #expect(units.stdout == "disabled\ndisabled\n")
    #expect(try machine.run("systemctl start elasticsearch").status != 0)
  }
}

extension Page {
  /// - Parameter number: of the block below the heading, counted from 0.
  fileprivate func commands(_ heading: String, _ number: Int, on disk: String) throws -> String {
    let blocks = blocks("sh", below: heading)
    try #require(number < blocks.count, "the page has no such commands below '\(heading)'")
    return "DISK=\(disk)\n" + blocks[number]
  }
}
