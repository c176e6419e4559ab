import Foundation
import Lab

/// Inventories whose hosts are this computer, without root and without ssh.
enum Inventory {
  /// Each host with its variables, and those of all, in YAML's flow style.
  static func local(_ hosts: [String: String], all variables: String = "") -> String {
    let lines = hosts.sorted { $0.key < $1.key }.map { "    \($0.key): \($0.value)\n" }.joined()
    return """
      elasticsearch:
        hosts:
      \(lines)  vars:
          ansible_connection: local
          ansible_become: false
          ansible_python_interpreter: /usr/bin/python3
      \(variables)
      """
  }
}

extension Scratch {
  /// A folder of programs in it, for ``Lab/Ansible/programs``.
  var programs: String { path + "/bin" }

  /// Writes a program for the shell into that folder.
  func program(_ name: String, _ text: String) throws {
    try FileManager.default.createDirectory(
      atPath: programs, withIntermediateDirectories: true)
    try "#!/bin/sh\n\(text)\n".write(
      toFile: "\(programs)/\(name)", atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: "\(programs)/\(name)")
  }
}
