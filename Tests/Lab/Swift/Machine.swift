import Foundation

/// A throw-away Debian 12 machine with systemd, ssh and NVMe disks, driven by `Tests/Lab/machine`.
///
/// It starts in seconds from the snapshot of a booted machine; nothing that happens in it outlives
/// it, except what it writes to a disk with a file of its own. Use ``with(_:disks:cold:body:)``,
/// which leaves no machine behind whatever the test does.
public struct Machine: Sendable {
  /// An NVMe disk of a machine.
  public struct Disk: Sendable {
    /// The serial that the machine sees: 1 to 20 letters, digits, `-` or `_`.
    public var serial: String
    /// The raw file behind it; nil for one that goes away with the machine.
    public var file: String?
    /// Size in bytes; nil for the size of an existing file.
    public var bytes: Int?
    /// Bytes per logical block, 512 or 4096.
    public var sectorSize: Int

    public init(serial: String, file: String? = nil, bytes: Int? = 1 << 30, sectorSize: Int = 512) {
      (self.serial, self.file, self.bytes, self.sectorSize) = (serial, file, bytes, sectorSize)
    }

    var specification: String {
      var words = ["serial=\(serial)", "logical=\(sectorSize)"]
      if let bytes { words.append("size=\(bytes)") }
      if let file { words.append("file=\(file)") }
      return words.joined(separator: ",")
    }
  }

  /// Its name, by which `Tests/Lab/machine` knows it too.
  public let name: String

  /// Starts a machine; with `cold` by booting it, else from the snapshot. Memory is in MiB: any
  /// other than 2048 boots too.
  public static func start(
    _ name: String = "test-\(UUID().uuidString.prefix(8).lowercased())", disks: [Disk] = [],
    memory: Int = 2048, cold: Bool = false
  ) throws -> Machine {
    var arguments = ["up", name, "--memory", "\(memory)"] + (cold ? ["--cold"] : [])
    for disk in disks { arguments += ["--disk", disk.specification] }
    try driver(arguments).require("start machine '\(name)'")
    return Machine(name: name)
  }

  /// Starts a machine, hands it to `body`, and removes it whatever happens.
  public static func with<Result>(
    _ name: String = "test-\(UUID().uuidString.prefix(8).lowercased())", disks: [Disk] = [],
    memory: Int = 2048, cold: Bool = false, body: (Machine) async throws -> Result
  ) async throws -> Result {
    let machine = try start(name, disks: disks, memory: memory, cold: cold)
    do {
      let result = try await body(machine)
      try machine.stop()
      return result
    } catch {
      try? machine.stop()
      throw error
    }
  }

  /// Runs a shell command in the machine as root; any status is a result, not an error.
  public func run(_ command: String, input: String = "") throws -> Output {
    try Machine.driver(["run", name, command], input: input)
  }

  /// Copies files of this computer, with their modes, to a place in the machine.
  public func copy(_ files: String..., to destination: String) throws {
    try Machine.driver(["copy", name] + files + [destination]).require("copy to '\(destination)'")
  }

  /// Plugs a disk in, as a cloud attaches a volume; its by-id link is there afterwards.
  public func attach(_ disk: Disk) throws {
    try Machine.driver(["attach", name, disk.specification]).require("attach '\(disk.serial)'")
  }

  /// Pulls a disk out, whatever the machine does with it.
  public func detach(_ serial: String) throws {
    try Machine.driver(["detach", name, serial]).require("detach '\(serial)'")
  }

  /// Restarts the machine in order and waits until ssh answers again.
  public func reboot() throws {
    try Machine.driver(["reboot", name]).require("reboot machine '\(name)'")
  }

  /// Pulls the plug; ``resume(disks:)`` boots it again with the same root disk.
  public func kill() throws {
    try Machine.driver(["kill", name]).require("kill machine '\(name)'")
  }

  /// Boots a machine that was killed or has powered itself off; without `disks`, with those that it
  /// had. The kernel finds them in about the order given.
  public func resume(disks: [Disk] = []) throws {
    var arguments = ["up", name, "--root", "keep"]
    for disk in disks { arguments += ["--disk", disk.specification] }
    try Machine.driver(arguments).require("resume machine '\(name)'")
  }

  /// A value of the ssh configuration that reaches the machine: `Port`, `IdentityFile`.
  public func ssh(_ word: String) throws -> String {
    let output = try Machine.driver(["ssh-config", name])
    try output.require("read how machine '\(name)' is reached")
    let lines = output.stdout.split(separator: "\n").map { $0.split(separator: " ") }
    guard let line = lines.first(where: { $0.first.map(String.init) == word && $0.count == 2 })
    else {
      throw LabError(description: "machine '\(name)' is reached without '\(word)'")
    }
    return String(line[1])
  }

  /// Ends the machine and removes everything that it had.
  public func stop() throws {
    try Machine.driver(["down", name]).require("stop machine '\(name)'")
  }

  /// What the machine wrote to its console.
  public func console() throws -> String { try Machine.driver(["log", name]).stdout }

  private static func driver(_ arguments: [String], input: String = "") throws -> Output {
    try Output(of: Checkout.folder + "/Tests/Lab/machine", arguments, input: input)
  }
}
