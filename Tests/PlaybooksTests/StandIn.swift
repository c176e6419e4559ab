import Foundation
import Lab
import Testing

/// The stand-in for a cluster, in a process of its own, with those for systemctl, esvault and ssh, which
/// reaches this computer for every host that the file `gone` does not name.
struct StandIn {
  static let password = "correct horse"
  let scratch: Scratch
  let port: String

  static func with(_ trouble: String..., body: (StandIn) throws -> Void) throws {
    let scratch = try Scratch()
    let server = Process()
    server.executableURL = URL(fileURLWithPath: Checkout.folder + "/Tests/Lab/ansible/cluster")
    server.arguments = [scratch.path + "/port", scratch.path + "/calls"] + trouble
    try server.run()
    defer {
      // Not SIGTERM: a child of the test runner may have that blocked.
      kill(server.processIdentifier, SIGKILL)
      server.waitUntilExit()
      scratch.remove()
    }
    let wait = "until [ -e '\(scratch.path)/port' ]; do sleep 0.1; done"
    try Output(of: "/usr/bin/timeout", ["-s", "KILL", "60", "sh", "-c", wait]).require(
      "start the stand-in")
    let port = try scratch.text(of: "port").trimmingCharacters(in: .newlines)
    let cluster = StandIn(scratch: scratch, port: port)
    try cluster.furnish()
    try body(cluster)
  }

  private func furnish() throws {
    try systemctl()
    try scratch.program(
      "esvault",
      """
      [ ! -e '\(scratch.path)/locked' ] || { echo "esvault: volume 'esvol' is locked" >&2; exit 1; }
      """)
    try scratch.program(
      "ssh",
      """
      gone() {
        for word; do
          grep -qsx -e "$word" '\(scratch.path)/gone' || continue
          echo 'No route to host' >&2
          exit 255
        done
      }
      gone "$@"
      for command; do :; done
      /bin/sh -c "$command" || exit
      [ -e '\(scratch.path)/later' ] || gone "$@"
      """)
  }

  /// From now on nobody reaches the host.
  func lose(_ host: String) throws {
    try "\(host)\n".write(toFile: scratch.path + "/gone", atomically: true, encoding: .utf8)
  }

  /// Nobody reaches a host whose node was restarted, and with `atOnce` nobody hears of the restart.
  func loseHostsThatRestart(atOnce: Bool) throws {
    let later = atOnce ? "" : "; : >'\(scratch.path)/later'"
    try systemctl(after: "echo ${2%.service} >>'\(scratch.path)/gone'" + later)
  }

  /// The volume is locked from the first restart on.
  func lockVolumesThatRestart() throws { try systemctl(after: ": >'\(scratch.path)/locked'") }

  private func systemctl(after: String = ":") throws {
    try scratch.program(
      "systemctl",
      """
      [ $1 = restart ] || exec printf 'LoadState=loaded\\nActiveState=active\\n'
      curl -sf -XPOST http://127.0.0.1:\(port)/lab/restart/${2%.service} && \(after)
      """)
  }

  func play(_ words: [String] = [], with version: Ansible.Version = .debian) throws -> Play {
    var ansible = Ansible(in: scratch.path)
    ansible.programs = [scratch.programs]
    let variables = """
          elasticsearch_url: "http://127.0.0.1:\(port)/{{ inventory_hostname }}"
          elasticsearch_service: "{{ inventory_hostname }}.service"
          elasticsearch_restart: service
          elasticsearch_user: operator
          elasticsearch_password: "\(Self.password)"
          elasticsearch_timeout: 60
          ansible_pipelining: true
      """
    let host = "{ansible_connection: ssh, ansible_ssh_executable: \(scratch.programs)/ssh}"
    try ansible.write(inventory: Inventory.local(["es1": host, "es2": host], all: variables))
    return try ansible.play("rolling_restart", words, with: version)
  }

  /// What a run says that has to fail; with the seconds that each wait of it lasts.
  func failure(
    within seconds: Int = 60, _ words: String..., with version: Ansible.Version = .debian,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let play = try play(
      words + ["--extra-vars", "elasticsearch_timeout=\(seconds)"], with: version)
    #expect(play.output.status == 2, "\(play.output)", sourceLocation: sourceLocation)
    return play.said
  }

  /// What was written to the cluster.
  func calls() throws -> [String] {
    guard FileManager.default.fileExists(atPath: scratch.path + "/calls") else { return [] }
    return try scratch.text(of: "calls").split(separator: "\n").map(String.init)
  }
}
