import Lab

/// The kernel's own NVMe target, over the loopback of a machine: its disks have any model, as QEMU's have not.
struct Fabric {
  private let machine: Machine

  init(on machine: Machine) throws {
    self.machine = machine
    try machine.bash(
      """
      modprobe -a nvmet nvmet-tcp nvme-tcp
      ip link set lo up
      mountpoint -q /sys/kernel/config || mount -t configfs none /sys/kernel/config
      port=/sys/kernel/config/nvmet/ports/1
      mkdir $port
      echo tcp >$port/addr_trtype
      echo ipv4 >$port/addr_adrfam
      echo 127.0.0.1 >$port/addr_traddr
      echo 4420 >$port/addr_trsvcid
      """)
  }

  /// Adds a blank disk of 256 MiB, and waits until udev knows it.
  func plug(model: String, serial: String) throws {
    try machine.bash(
      """
      system=/sys/kernel/config/nvmet/subsystems/\(serial)
      truncate -s 256M /var/tmp/\(serial)
      mkdir $system
      echo 1 >$system/attr_allow_any_host
      echo -n '\(model)' >$system/attr_model
      echo -n \(serial) >$system/attr_serial
      mkdir $system/namespaces/1
      echo -n /var/tmp/\(serial) >$system/namespaces/1/device_path
      echo 1 >$system/namespaces/1/enable
      ln -s $system /sys/kernel/config/nvmet/ports/1/subsystems/\(serial)
      echo transport=tcp,traddr=127.0.0.1,trsvcid=4420,nqn=\(serial) >/dev/nvme-fabrics
      for i in {1..300}; do
        ! compgen -G '/dev/disk/by-id/*_\(serial)' >/dev/null || exit 0
        sleep 0.05
      done
      exit 1
      """)
  }

  func unplug(serial: String) throws { try machine.bash("nvme disconnect -n \(serial)") }
}
