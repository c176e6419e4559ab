import Foundation

/// The throw-away machine that the tests run in, made clean before and after each test.
enum Machine {
  /// Runs a test's body on a clean machine, and cleans up whatever happens.
  static func clean(_ body: () async throws -> Void) async throws {
    try requireThrowAway()
    try StandIn.install()
    try restore()
    do {
      try await body()
    } catch {
      try restore()
      throw error
    }
    try restore()
  }

  /// These tests wipe every NVMe disk that they see: never on any other machine.
  private static func requireThrowAway() throws {
    let commandLine = try String(contentsOfFile: "/proc/cmdline", encoding: .utf8)
    guard commandLine.contains("esvault.init=") else {
      throw ScriptFailure(
        description: "this is not a micro machine of the lab: run Tests/Lab/micro")
    }
  }

  private static func restore() throws {
    try bash(cleaning)
  }

  /// In the reverse order of making: mounts, mappings, arrays, loop devices, disks, files.
  private static let cleaning = #"""
    exec 2>/dev/null
    set +e
    pristine=/var/tmp/pristine
    if [[ ! -d $pristine ]]; then
      mkdir $pristine
      cp -a /etc/elasticsearch /etc/passwd $pristine/
    fi
    rm -f /run/stand-in/*
    swapoff -a
    awk '$2 ~ "^/(mnt|etc|var|home)/" { print $2 }' /proc/self/mounts | tac |
      while read -r target; do umount "$target"; done
    for round in 1 2 3; do
      names=$(dmsetup ls | awk '!/No devices/ { print $1 }' | tac)
      [[ -n $names ]] || break
      for name in $names; do dmsetup remove --retry "$name"; done
    done
    ! grep -q '^md' /proc/mdstat || mdadm --quiet --stop --scan
    losetup -D
    chattr -i /mnt/*
    rm -rf /mnt/* /etc/esvault /var/lib/esvault /run/esvault.lock /root/key* /var/lib/elasticsearch/*
    rm -rf /etc/elasticsearch
    cp -a $pristine/elasticsearch $pristine/passwd /etc/
    mkdir -p /usr/share/elasticsearch
    for disk in /dev/nvme?n1; do
      blockdev --setrw "$disk"
      blkdiscard -f "$disk"
      dd if=/dev/zero of="$disk" bs=1M count=1 conv=notrunc status=none oflag=direct
      [[ -z $(ls -d /sys/block/${disk#/dev/}/${disk#/dev/}p*) ]] || blockdev --rereadpt "$disk"
    done
    udevadm settle --timeout=10
    exit 0
    """#
}

/// One of the machine's NVMe disks.
struct NVMe {
  /// `/dev/nvme0n1`, `nvme0n1`: which disk that is differs from boot to boot.
  let path: String
  let serial: String
  var name: String { String(path.dropFirst("/dev/".count)) }
  /// Of 1 GiB each.
  static let bytes = 1 << 30

  init(_ number: Int) throws {
    serial = "vol\(number)"
    path = try bash("realpath -e /dev/disk/by-id/nvme-QEMU_NVMe_Ctrl_vol\(number)")
  }
}
