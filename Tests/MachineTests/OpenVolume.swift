import BlockDevices
import Foundation

@testable import Vault

/// A finished volume that is open and mounted, as an unlocked machine has it.
struct OpenVolume {
  let disk: NVMe
  let opening: Opening
  let mounting: Mounting
  let closing: Closing

  /// - Parameter timeout: how long closing may take, in seconds.
  init(timeout: Int = 2) throws {
    try VolumeTemplate.place()
    disk = try NVMe(1)
    try Self.open(disk)
    opening = Opening(
      disk: try BlockDevices().disk(at: disk.path).identity,
      name: "esvol", uuid: try bash("cryptsetup luksUUID \(disk.path)").lowercased(),
      filesystem: try bash("blkid -p -s UUID -o value /dev/mapper/esvol"), policy: Policy())
    let ids = try bash("id -u elasticsearch; id -g elasticsearch").split(separator: "\n")
    mounting = Mounting(
      opening: opening, path: "/mnt/es",
      directory: DataDirectory(
        mount: "/mnt/es", path: "/mnt/es/elasticsearch", userName: "elasticsearch",
        user: UInt32(ids[0])!, group: UInt32(ids[1])!))
    closing = Closing(name: "esvol", uuid: opening.uuid, mount: "/mnt/es", timeout: timeout)
    try bash("mount /dev/mapper/esvol /mnt/es")
  }

  static func open(_ disk: NVMe) throws {
    try bash("cryptsetup open --key-file /etc/esvault/keys/esvol.key \(disk.path) esvol")
  }

  static var isOpen: Bool { FileManager.default.fileExists(atPath: "/dev/mapper/esvol") }

  static var isMounted: Bool {
    get throws { try !bash("findmnt -rno TARGET /mnt/es || true").isEmpty }
  }

  /// Has a step carried out, which must fail.
  static func failure(
    of step: Step, on host: LinuxHost = LinuxHost(keys: KeyFile("/none"))
  ) async throws -> StepFailure? {
    do {
      try await host.perform(step)
      return nil
    } catch {
      return StepFailure(error)
    }
  }
}

/// A process in the background, until the test ends.
struct Background {
  private let process = Process()
  var id: Int { Int(process.processIdentifier) }

  /// - Parameters:
  ///   - script: bash that ends with `exec`, so that the process is the one that matters.
  ///   - name: what the process is called when it has come so far.
  init(_ script: String, becoming name: String = "sleep") throws {
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", script]
    process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    try bash(
      """
      for i in {1..200}; do [[ $(</proc/\(id)/comm) != \(name) ]] || exit 0; sleep 0.05; done
      exit 1
      """)
  }

  func end() {
    // Not SIGTERM, which children of the test runner ignore.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}
