import Lab
import Testing

/// Which disk is taken, when it is named as clouds name theirs, or not at all.
@Suite struct DiskChoiceTests {
  @Test func theOnlyBlankDiskIsChosenAndOneThatAppearsMeanwhileMakesItRefuse() async throws {
    let disks = ["vol1", "other"].map { Machine.Disk(serial: $0, bytes: 256 << 20) }
    try await Machine.withEsvault(disks: disks) { machine in
      try machine.bash("mkfs.ext4 -q \(machine.link("other"))")
      let before = try machine.writes(of: "vol1")
      // Held still while the cloud is slow to attach: it settles for 3 s.
      try machine.bash(
        """
        esvault provision --generate-key --no-start --yes --format json </dev/null >/run/out 2>/run/err &
        echo $! >/run/pid
        sleep 1.5
        kill -STOP $!
        """)
      try machine.attach(Machine.Disk(serial: "late", bytes: 256 << 20))
      let status = try machine.run(
        "pid=$(cat /run/pid); kill -CONT $pid; tail --pid=$pid -s 0.1 -f /dev/null; cat /run/out; cat /run/err >&2; exit 2"
      )
      Provisioning(status).expectRefusal("2 disks are blank")
      #expect(try machine.writes(of: "vol1") == before)
      #expect(try machine.writes(of: "late").hasPrefix("0 0"))

      try machine.detach("late")
      let chosen = try machine.provision("--generate-key --no-start")
      chosen.expectDone()
      #expect(chosen.document?.volumes.first?.serial == "vol1")
      #expect(!chosen.steps.contains("start"))
    }
  }

  @Test func amazonsVolumesAreKnownByTheirIdAndInstanceStoreIsNeverChosen() async throws {
    try await Machine.withEsvault { machine in
      try machine.bash(Self.fabric)
      try machine.bash("plug 'Amazon EC2 NVMe Instance Storage' AWS0123456789ABCDEF0".inFabric)
      let listed = try machine.bash("esvault devices")
      #expect(listed.contains("Amazon EC2 NVMe Instance Storage"), "\(listed)")
      #expect(listed.contains("only by name: instance store: EC2 encrypts it"), "\(listed)")
      try machine.provision("--generate-key").expectRefusal("is blank and free")

      try machine.bash("plug 'Amazon Elastic Block Store' vol0123456789abcdef0".inFabric)
      let alone = try machine.provision("--generate-key --dry-run")
      #expect(
        alone.document?.steps.first { $0.id == "format" }?.subject == (try machine.bash(Self.path)))
      let made = try machine.provision("vol-0123456789abcdef0 --generate-key --no-start")
      made.expectDone()
      #expect(made.document?.volumes.first?.serial == "vol0123456789abcdef0")
      #expect(try machine.bash("blkid -p -o value -s TYPE $(\(Self.path))") == "crypto_LUKS")
    }
  }

  private static let path =
    "realpath /dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0"

  /// The kernel's own NVMe target, over the loopback: its disks have any model.
  private static let fabric = #"""
    modprobe -a nvmet nvmet-tcp nvme-tcp
    ip link set lo up
    mountpoint -q /sys/kernel/config || mount -t configfs none /sys/kernel/config
    port=/sys/kernel/config/nvmet/ports/1
    mkdir $port
    echo tcp >$port/addr_trtype
    echo ipv4 >$port/addr_adrfam
    echo 127.0.0.1 >$port/addr_traddr
    echo 4420 >$port/addr_trsvcid
    """#
}

extension Machine {
  /// Writes and sectors written, discards and sectors discarded, as the kernel counts them.
  fileprivate func writes(of serial: String) throws -> String {
    let name = try bash("basename $(realpath \(link(serial)))")
    return try bash("awk '{ print $5, $7, $12, $14 }' /sys/block/\(name)/stat")
  }
}

extension String {
  /// A command with the function `plug MODEL SERIAL`, which adds a disk and waits for it.
  fileprivate var inFabric: String {
    #"""
    plug() {
      local system=/sys/kernel/config/nvmet/subsystems/$2
      truncate -s 256M /var/tmp/$2
      mkdir $system
      echo 1 >$system/attr_allow_any_host
      echo -n "$1" >$system/attr_model
      echo -n $2 >$system/attr_serial
      mkdir $system/namespaces/1
      echo -n /var/tmp/$2 >$system/namespaces/1/device_path
      echo 1 >$system/namespaces/1/enable
      ln -s $system /sys/kernel/config/nvmet/ports/1/subsystems/$2
      echo transport=tcp,traddr=127.0.0.1,trsvcid=4420,nqn=$2 >/dev/nvme-fabrics
      for i in $(seq 300); do ls /dev/disk/by-id/*_$2 >/dev/null 2>&1 && return; sleep 0.05; done
      return 1
    }

    """# + self
  }
}
