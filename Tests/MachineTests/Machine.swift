import Foundation

/// The throw-away machine that the tests run in, made clean after each test.
enum Machine {
  /// Runs a test's body on a clean machine, and cleans up whatever happens.
  static func clean(_ body: () async throws -> Void) async throws {
    try requireThrowAway()
    // Marked clean by the test before; without the mark this is the first, or that one has crashed.
    if !FileManager.default.fileExists(atPath: "/run/clean") {
      try StandIn.install()
      try bash(keepingPristine)
      try bash(cleaning)
    }
    try bash("rm /run/clean")
    do {
      try await body()
    } catch {
      try bash(cleaning)
      throw error
    }
    try bash(cleaning)
  }

  /// Makes it clean in the middle of a test.
  static func reset() throws { try bash(cleaning + "\nrm /run/clean") }

  /// These tests wipe every NVMe disk that they see: never on any other machine.
  private static func requireThrowAway() throws {
    let commandLine = try String(contentsOfFile: "/proc/cmdline", encoding: .utf8)
    guard commandLine.contains("esvault.init=") else {
      throw ScriptFailure(
        description: "this is not a micro machine of the lab: run Tests/Lab/micro")
    }
  }

  private static let keepingPristine = """
    mkdir -p /run/pristine
    cp -a /etc/elasticsearch /etc/passwd /run/pristine/
    """

  /// In the reverse order of making: mounts, mappings, arrays, loop devices, disks, files. A disk that
  /// was not written to since the last cleaning is as it was.
  private static let cleaning = #"""
    exec 2>/dev/null
    set +e
    rm -f /run/stand-in/*
    mapfile -t swaps </proc/swaps
    ((${#swaps[@]} == 1)) || swapoff -a
    targets=()
    while read -r _ target _; do
      [[ ! $target =~ ^/(mnt|etc|var|home|root)/ ]] || targets=("$target" "${targets[@]}")
    done </proc/self/mounts
    for target in "${targets[@]}"; do umount "$target"; done
    for round in 1 2 3; do
      mappings=(/sys/block/dm-*/dm/name)
      [[ -e ${mappings[0]} ]] || break
      for mapping in "${mappings[@]}"; do dmsetup remove --retry "$(<"$mapping")"; done
    done
    # One without a table is not in /sys.
    dmsetup ls | awk '/\(/ { print $1 }' | xargs -r -n 1 dmsetup remove --retry
    ! grep -q '^md' /proc/mdstat || mdadm --quiet --stop --scan
    ! compgen -G '/sys/block/loop*/loop' >/dev/null || losetup -D
    [[ ! -d /mnt/es ]] || chattr -i /mnt/es
    rm -rf /mnt/* /etc/esvault /var/lib/esvault /run/esvault.lock /root/* /var/lib/elasticsearch/* \
      /etc/elasticsearch /tmp/loop \#(StandIn.units)
    cp -a /run/pristine/* /etc/
    for disk in /sys/block/nvme*n1; do
      name=${disk##*/}
      read -ra counts <"$disk/stat"
      [[ ${counts[4]}.${counts[11]} != "$(</run/clean-$name)" || $(<"$disk/ro") != 0 ]] || continue
      blockdev --setrw "/dev/$name"
      blkdiscard -f "/dev/$name"
      ! compgen -G "$disk/${name}p*" >/dev/null || blockdev --rereadpt "/dev/$name"
      udevadm settle --timeout=10
      read -ra counts <"$disk/stat"
      echo "${counts[4]}.${counts[11]}" >"/run/clean-$name"
    done
    >/run/clean
    """#
}

/// One of the machine's NVMe disks.
struct NVMe {
  /// `/dev/nvme0n1`: which disk that is differs from boot to boot.
  let path: String
  let serial: String
  /// Of 1 GiB each.
  static let bytes = 1 << 30

  static func link(_ number: Int) -> String { "/dev/disk/by-id/nvme-QEMU_NVMe_Ctrl_vol\(number)" }

  init(_ number: Int) throws {
    serial = "vol\(number)"
    path = URL(fileURLWithPath: Self.link(number)).resolvingSymlinksInPath().path
    guard path.hasPrefix("/dev/nvme") else {
      throw ScriptFailure(description: "there is no disk \(serial)")
    }
  }
}
