import Lab
import Testing

/// The README's quick start, word by word, on machines that have never seen esvault.
@Suite struct QuickStartTests {
  private let page: Page

  init() throws { page = try Page("README.md") }

  @Test func aServerByTheReadme() async throws {
    let disks = [
      Machine.Disk(serial: "other1", bytes: 64 << 20),
      Machine.Disk(serial: "blank1", bytes: 512 << 20),
    ]
    try await Machine.with(disks: disks) { machine in
      try install(on: machine)
      let mine = try machine.bash(
        "mkfs.ext4 -q \(machine.link("other1")); realpath \(machine.link("other1"))")
      try #require(mine == "/dev/nvme0n1", "the README's disk is the other")
      let blocks = page.blocks("sh", below: "Quick start on a server")
      let plan = try machine.follow(blocks[0])
      #expect(plan.contains("/dev/nvme1n1  512 MiB  blank1"), "\(plan)")
      #expect(plan.contains("  verify      /mnt/es/elasticsearch"), "\(plan)")
      #expect(try machine.run("blkid -p /dev/nvme1n1").status == 2, "the dry run has written")
      let made = try machine.follow(blocks[1])
      try Node(machine: machine).waitUntilGreen()
      #expect(made.contains("node id       \(try Node(machine: machine).id())"), "\(made)")
    }
  }

  /// The models, serials and ids are EC2's; the disks are the kernel's own.
  @Test func anInstanceByTheReadme() async throws {
    let (store, volume) = ("Amazon EC2 NVMe Instance Storage", "Amazon Elastic Block Store")
    let (first, second, block) = (
      "AWS0123456789ABCDEF0", "AWS1111111111111111", "vol0123456789abcdef0"
    )
    try await Machine.with { machine in
      try install(on: machine)
      let fabric = try Fabric(on: machine)
      let blocks = page.blocks("sh", below: "On EC2")
      let node = Node(machine: machine)

      try fabric.plug(model: store, serial: first)
      try machine.provision("--generate-key").expectRefusal("is blank and free")
      let made = try machine.follow(blocks[1])
      #expect(made.contains("only by name: instance store: EC2 encrypts it"), "\(made)")
      let lost = try node.id()

      // As a stop leaves it.
      try machine.bash("esvault lock")
      try fabric.unplug(serial: first)
      try fabric.plug(model: store, serial: second)
      let status = try machine.run("esvault status")
      #expect(status.stdout.contains("its disk '\(first)' is not there"), "\(status)")
      #expect(try machine.run("systemctl start elasticsearch").status != 0)
      try machine.follow(blocks[2])
      #expect(try node.id() != lost)

      try machine.bash("esvault lock; rm /etc/esvault/esvault.yml")
      try fabric.unplug(serial: second)
      try fabric.plug(model: volume, serial: block)
      let chosen = try machine.provision("--generate-key --dry-run")
      try machine.follow(blocks[0])
      let path = try machine.bash(
        "realpath /dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_\(block)")
      #expect(chosen.document?.steps.first { $0.id == "format" }?.subject == path)
      #expect(try machine.bash("cat /etc/esvault/esvault.yml").contains("device: \(block)\n"))
      #expect(try machine.bash("blkid -p -o value -s TYPE \(path)") == "crypto_LUKS")
    }
  }

  /// The line of the section on installing that is for the server.
  private func install(on machine: Machine) throws {
    try machine.copy(try Checkout.package("deb"), to: "/root/")
    let lines = page.blocks("sh", below: "Install").joined().split(separator: "\n")
    let own = try #require(lines.first { $0.hasPrefix("ssh root@server ") })
    try machine.follow(String(own.dropFirst("ssh root@server ".count)))
  }
}

extension Machine {
  /// Runs commands of a page as root, for whom `sudo` does nothing; what they print.
  @discardableResult
  fileprivate func follow(_ commands: String) throws -> String {
    try bash("cd /root; sudo() { \"$@\"; }\n" + commands)
  }
}
