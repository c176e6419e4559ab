import Foundation

/// A finished volume of the disk vol1, made once and laid down again for each test that needs one.
///
/// It lies there as after a reboot: recorded, its service stopped, unmounted and closed.
enum VolumeTemplate {
  private static let folder = "/var/tmp/template"

  /// Makes the machine one with a finished volume.
  ///
  /// - Parameter copy: a further disk that gets the same bytes, as a restored snapshot has them.
  static func place(copy: NVMe? = nil) throws {
    try makeOnce()
    for disk in [try NVMe(1), copy].compactMap(\.self) { try lay(on: disk) }
    try bash("cp -a \(folder)/etc/. /etc/; mkdir -p /mnt/es; chattr +i /mnt/es")
  }

  /// The bytes alone.
  static func lay(on disk: NVMe) throws {
    try bash("python3 -I -S \(folder)/chunks lay \(folder) \(disk.path); udevadm settle")
  }

  /// How long a step took when the template was made, in seconds.
  static func seconds(of step: String) throws -> Double {
    if !FileManager.default.fileExists(atPath: folder) {
      try makeOnce()
      try bash(
        "rm -r /etc/esvault /etc/elasticsearch \(StandIn.units); cp -a /run/pristine/. /etc/")
      try bash("blkdiscard -f \(NVMe(1).path)")
    }
    let text = try bash(
      "sed -En '/[0-9]+ +\(step) /{n;s/.*after ([0-9.]+) s.*/\\1/p}' \(folder)/progress")
    guard let seconds = Double(text) else {
      throw ScriptFailure(description: "no duration of '\(step)': '\(text)'")
    }
    return seconds
  }

  private static func makeOnce() throws {
    guard !FileManager.default.fileExists(atPath: folder) else { return }
    let disk = try NVMe(1)
    let outcome = try Esvault.provision(disk)
    guard outcome.status == 0 else { throw ScriptFailure(description: outcome.errors) }
    try bash("mkdir \(folder)")
    try Data(outcome.errors.utf8).write(to: URL(fileURLWithPath: "\(folder)/progress"))
    try bash(
      """
      systemctl stop elasticsearch.service
      umount /mnt/es
      cryptsetup close esvol
      mkdir -p \(folder)/etc
      cp -a /etc/esvault /etc/elasticsearch \(folder)/etc/
      # Relative: cp of coreutils 9.1 fails to keep the modes of absolute parents.
      (cd /; cp -a --parents \(StandIn.units.dropFirst()) \(folder))
      cat >\(folder)/chunks <<'END'
      \(chunks)
      END
      python3 \(folder)/chunks keep \(folder) \(disk.path)
      """)
  }

  /// Keeps those MiB of a disk that are not zero, and writes them to another.
  private static let chunks = """
    import mmap, os, sys
    verb, folder, disk = sys.argv[1:]
    size, zeros = 1 << 20, bytes(1 << 20)
    if verb == "keep":
        with open(disk, "rb") as source, open(folder + "/data", "wb") as data:
            offsets = []
            for index in range(os.lseek(source.fileno(), 0, os.SEEK_END) // size):
                chunk = os.pread(source.fileno(), size, index * size)
                if chunk != zeros:
                    data.write(chunk)
                    offsets.append(str(index))
        open(folder + "/offsets", "w").write(" ".join(offsets))
    else:
        # Past the page cache, which takes twice the time under emulation.
        target = os.open(disk, os.O_RDWR | os.O_DIRECT)
        with open(folder + "/data", "rb") as file:
            data = memoryview(mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ))
        for number, index in enumerate(open(folder + "/offsets").read().split()):
            part = data[number * size:(number + 1) * size]
            assert os.pwrite(target, part, int(index) * size) == size
        os.fsync(target)
    """
}

/// Further volumes, made of the same bytes.
extension NVMe {
  /// The record of this disk as the volume with that name, for the configuration.
  func record(_ name: String, mount: String) throws -> String {
    """
      - name: \(name)
        device: \(serial)
        uuid: \(try bash("cryptsetup luksUUID \(path)").lowercased())
        mount: \(mount)
        data: \(mount)/elasticsearch
        key: {file: /etc/esvault/keys/esvol.key}

    """
  }

  /// Lays the template's bytes down and makes another volume of them, with a UUID of its own.
  func becomeVolume(_ name: String, mount: String) throws {
    try VolumeTemplate.lay(on: self)
    try changeToken(
      "name='\(name)', serial='\(serial)', mount='\(mount)', data='\(mount)/elasticsearch'")
    try bash(
      """
      cryptsetup luksUUID -q --uuid "$(</proc/sys/kernel/random/uuid)" \(path)
      cryptsetup config --label esvault:\(name) --subsystem esvault \(path)
      udevadm settle --timeout=10
      """)
  }
}
