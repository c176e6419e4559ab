import Foundation

/// The real Ansible, which runs the collection in `Playbooks` from a folder of its own.
public struct Ansible: Sendable {
  public enum Version: Sendable, CaseIterable {
    /// Debian 12's, the oldest that the collection supports.
    case debian
    /// The newest from PyPI that runs on Debian 12, as `Tests/Lab/ansible/requirements.txt` pins it.
    case newest
  }

  /// Where its inventory, its settings and what it writes are; the working directory of its programs.
  public let folder: String
  /// Folders that are searched for programs first: stand-ins, where a test has some.
  public var programs: [String] = []

  /// Needs a folder that is there; it is the caller's to remove.
  public init(in folder: String) { self.folder = folder }

  /// Writes the inventory: YAML, which JSON is too.
  public func write(inventory: String) throws {
    try inventory.write(toFile: folder + "/inventory.yml", atomically: true, encoding: .utf8)
  }

  /// Runs a playbook of the collection from the checkout, to its end.
  public func play(_ playbook: String, _ words: [String] = [], with version: Version = .debian)
    throws -> Play
  {
    let arguments = ["--inventory", "inventory.yml", Self.file(playbook)] + words
    return Play(try run("ansible-playbook", arguments, with: version))
  }

  /// Runs a playbook, and kills it with all its processes as soon as a shell command succeeds.
  ///
  /// Throws if the playbook ends before.
  public func cutOff(_ playbook: String, _ words: [String], when command: String) throws {
    let arguments = ["--inventory", "inventory.yml", Self.file(playbook)] + words
    let script = """
      log=$1; shift
      setsid env "$@" >"$log" 2>&1 &
      until \(command); do
        kill -0 $! || { cat "$log" >&2; exit 1; }
        sleep 0.2
      done
      kill -KILL -- -$!
      """
    let run = try self.command("ansible-playbook", arguments, with: .debian)
    try Output(of: "/bin/bash", ["-c", script, "cut-off", folder + "/cut-off.log"] + run)
      .require("cut off '\(playbook)'")
  }

  private static func file(_ playbook: String) -> String {
    "\(Checkout.folder)/Playbooks/playbooks/\(playbook).yml"
  }

  /// Runs one of Ansible's programs in the folder.
  public func run(_ program: String, _ arguments: [String], with version: Version = .debian) throws
    -> Output
  {
    try Output(of: "/usr/bin/env", try command(program, arguments, with: version))
  }

  /// What `env` is told to run one of Ansible's programs.
  public func command(_ program: String, _ arguments: [String], with version: Version) throws
    -> [String]
  {
    var search = programs
    if version == .newest { search.append(try Self.newest()) }
    search += ["/usr/local/bin", "/usr/bin", "/bin"]  // as an ordinary user of Debian has it
    return [
      "--chdir=\(folder)", "PATH=\(search.joined(separator: ":"))",
      "ANSIBLE_HOME=\(folder)/home", "ANSIBLE_SSH_CONTROL_PATH_DIR=\(folder)/cp",
      // Where this computer is a host as well, it saves what the machines of the lab save.
      "PYTHONPATH=\(Checkout.folder)/Tests/Lab/guest/root/etc/python3.11",
      "ZIPIMPORT_CACHE=\(Checkout.folder)/.build/zipimport", "PYTHONDONTWRITEBYTECODE=1",
      // A machine that only begins to work takes its time to answer.
      "ANSIBLE_TIMEOUT=120", "ANSIBLE_NOCOLOR=1", "ANSIBLE_LOCALHOST_WARNING=false",
      "LC_ALL=C.UTF-8", program,
    ] + arguments
  }

  /// The folder of its programs; installed by the first who asks.
  private static func newest() throws -> String {
    let output = try Output(of: Checkout.folder + "/Tests/Lab/ansible/newest")
    try output.require("install the newest Ansible")
    return output.stdout.trimmingCharacters(in: .newlines)
  }
}

/// What a run of a playbook has come to.
public struct Play: Sendable {
  public let output: Output

  init(_ output: Output) { self.output = output }

  /// All that it printed.
  public var said: String { output.stdout + output.stderr }

  /// What the recap counts for a host: `changed`, `failed` and so on.
  public func count(_ what: String, _ host: String) -> Int? {
    let lines = output.stdout.split(separator: "\n")
    let recap = lines.drop { !$0.hasPrefix("PLAY RECAP") }
    let line = recap.first { $0.hasPrefix("\(host) ") }
    let word = line?.split(separator: " ").first { $0.hasPrefix("\(what)=") }
    return word.flatMap { Int($0.dropFirst(what.count + 1)) }
  }
}
