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
  ///
  /// Another process writes it: what this one has open for writing may be open in a child that another
  /// test starts, and until that ends the kernel does not run it.
  func program(_ name: String, _ text: String) throws {
    try FileManager.default.createDirectory(
      atPath: programs, withIntermediateDirectories: true)
    let write =
      #"printf '#!/bin/sh\n%s\n' "$2" >"$1.new" && chmod 755 "$1.new" && mv "$1.new" "$1""#
    try Output(of: "/bin/sh", ["-c", write, "sh", "\(programs)/\(name)", text])
      .require("write '\(name)'")
  }
}
