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
