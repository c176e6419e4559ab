import Foundation

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

/// A folder of this computer that a test removes again.
struct Scratch {
  let path = NSTemporaryDirectory() + "esvault-playbooks-\(UUID().uuidString.prefix(8))"

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  func contents(of file: String) throws -> String {
    try String(contentsOfFile: path + "/" + file, encoding: .utf8)
  }
}
