import Foundation
import Lab
import Testing

/// The disks are not where they were when the machine boots. The tests go on from one another.
@Suite(.serialized, .finishedNode) struct DisksAtBootTests {
  private var machine: Machine { get throws { try FinishedNode.shared.machine } }
  private var clone: Machine.Disk {
    get throws {
      Machine.Disk(serial: "clone1", file: try FinishedNode.shared.disk.path + ".clone", bytes: nil)
    }
  }

  @Test func underAnotherNameAndBesideItsCloneTheVolumeIsTheDiskWithItsSerial() throws {
    let finished = try FinishedNode.shared
    let machine = finished.machine
    let name = try machine.bash("sync; realpath \(machine.link("vol1"))")
    try machine.kill()
    try FileManager.default.copyItem(
      atPath: finished.disk.path, toPath: try #require(clone.file))
    let disk = Machine.Disk(serial: "vol1", file: finished.disk.path, bytes: nil)
    try machine.resume(disks: [Machine.Disk(serial: "blank1", bytes: 256 << 20), clone, disk])

    try expectSameNode()
    let now = try machine.bash("realpath \(machine.link("vol1"))")
    #expect(now != name)
    #expect(try machine.bash("lsblk -rno NAME \(now)").contains("esvol"))
    let copy = try machine.bash("realpath \(machine.link("clone1"))")
    let journal = try machine.unlockJournal()
    #expect(
      journal.contains("disk '\(copy)' (serial clone1) carries the same LUKS UUID"), "\(journal)")
    #expect(journal.contains(Machine.uncleanly), "the plug was pulled")
  }

  @Test func aCloneAloneIsOpenedOnlyWhenItIsTakenOver() throws {
    let machine = try machine
    try machine.bash("esvault lock")
    try machine.kill()
    try machine.resume(disks: [clone])
    try machine.expectDown(because: "its disk 'vol1' is not there", "run 'esvault unlock'")
    let journal = try machine.unlockJournal()
    #expect(journal.contains("its serial is 'clone1', not the recorded 'vol1'"), "\(journal)")
    #expect(journal.contains("esvault unlock --adopt /dev/nvme0n1"), "\(journal)")

    let adopted = try machine.run("esvault unlock --adopt clone1 --yes")
    #expect(adopted.status == 0, "\(adopted)")
    #expect(adopted.stderr.contains("made on     vol1; this is clone1"), "\(adopted)")
    try expectSameNode()
    // The disk whose loss systemd watches for.
    #expect(try machine.bash("cat /etc/systemd/system/mnt-es.mount").contains("clone1"))
  }

  @Test func aVolumeInAFreshMachineIsTakenOverWithItsKeyAndOpensAtEveryBoot() async throws {
    let finished = try FinishedNode.shared
    let key = try machine.bash("base64 /etc/esvault/keys/esvol.key")
    let disk = Machine.Disk(serial: "vol1", file: finished.disk.path, bytes: nil)
    try await Machine.withEsvault(disks: [disk]) { fresh in
      try fresh.bash("umask 377; base64 --decode >/etc/moved.key", input: key)
      let adopted = try fresh.run("esvault unlock --adopt vol1 --key-file /etc/moved.key")
      #expect(adopted.status == 0, "\(adopted)")
      #expect(adopted.stderr.contains("mount       /mnt/es"), "\(adopted)")
      let provisioned = try fresh.provision()
      provisioned.expectDone()
      #expect(provisioned.nodeID == finished.made.nodeID)
      try expectSameNode(in: fresh)
      try fresh.bash("sync")
      try fresh.reboot()
      try expectSameNode(in: fresh)
      try fresh.expectOpenAndClean()
    }
  }

  @Test func aDiskThatComesLateIsWaitedForAndNobodyHasToHelp() throws {
    let machine = try machine
    try machine.bash("esvault lock")
    try machine.detach("clone1")
    // Not a reboot: QEMU 7.2 may crash at one after a disk was plugged in and out.
    try machine.bash("sync")
    try machine.kill()
    try machine.resume()
    try machine.bash(
      """
      for i in $(seq 240); do
        journalctl -b -u esvault-unlock | grep -q 'waiting up to 300 s: volume .esvol. .* is on none' && break
        sleep 0.5
      done
      sleep 3
      """)
    #expect(try machine.run("systemctl is-active esvault-unlock").stdout == "activating\n")
    #expect(try machine.run("systemctl is-active elasticsearch").stdout == "inactive\n")
    try machine.attach(clone)
    try expectSameNode()
    try machine.expectOpenAndClean()
  }

  @Test func aDiskThatStaysAwayHoldsUpNoBootAndTheOperatorIsTold() throws {
    let machine = try machine
    try machine.bash(
      """
      mkdir -p /etc/systemd/system/esvault-unlock.service.d
      cat >/etc/systemd/system/esvault-unlock.service.d/operator.conf <<'END'
      [Unit]
      OnFailure=tell.service
      [Service]
      ExecStart=
      ExecStart=/usr/local/bin/esvault unlock --no-start --timeout 5
      END
      printf '[Service]\\nType=oneshot\\nExecStart=/bin/touch /run/told\\n' \
        >/etc/systemd/system/tell.service
      esvault lock
      sync
      """)
    try machine.kill()
    try machine.resume(disks: [Machine.Disk(serial: "other1", bytes: 64 << 20)])
    try machine.expectDown(because: "its disk 'clone1' is not there", "attach the disk")
    try machine.bash("test -e /run/told")
    let journal = try machine.unlockJournal()
    #expect(journal.contains("Attach its disk 'clone1'"), "\(journal)")

    try machine.attach(clone)
    try machine.bash("esvault unlock")
    try expectSameNode()
  }

  private func expectSameNode(
    in other: Machine? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let node = Node(machine: try other ?? machine)
    try node.waitUntilGreen()
    let id = try FinishedNode.shared.made.nodeID
    #expect(try node.id() == id, sourceLocation: sourceLocation)
    #expect(try node.hits("secret") == 3, sourceLocation: sourceLocation)
  }
}
