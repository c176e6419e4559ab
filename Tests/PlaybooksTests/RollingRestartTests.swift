import Foundation
import Lab
import Testing

/// One node at a time goes down, and only in a cluster that bears it.
///
/// The cluster is a stand-in, `Tests/Lab/ansible/cluster`, for the lab's real node cannot form one; so
/// are systemctl and esvault. The real node, and a real reboot, are in `FleetTests`.
@Suite(.serialized) struct RollingRestartTests {
  /// What is written to the cluster for one node.
  private static func calls(_ node: String) -> [String] {
    let setting =
      #"PUT /\#(node)/_cluster/settings {"persistent": {"cluster.routing.allocation.enable": "#
    return [
      setting + "null}}", setting + "\"primaries\"}}", "POST /\(node)/_flush ",
      "POST /lab/restart/\(node) ", setting + "null}}",
    ]
  }

  @Test func eachNodeIsAwayAlone() throws {
    try StandIn.with { cluster in
      let play = try cluster.play()
      #expect(play.output.status == 0, "\(play.output.stdout)")
      #expect(try cluster.calls() == Self.calls("es1") + Self.calls("es2"))
      #expect(!play.output.stdout.contains(StandIn.password))
    }
  }

  @Test func aNodeThatComesBackAsAnotherEndsItAndARerunFinishes() throws {
    try StandIn.with("stranger", "es1") { cluster in
      let play = try cluster.play()
      #expect(play.output.status == 2)
      let said = play.output.stdout
      #expect(said.contains("the node has the id 'another-id', and had 'id-of-es1'"), "\(said)")
      #expect(said.contains("run this playbook again, which gives the setting back"))
      // The setting stays, and no other node goes down.
      #expect(try cluster.calls() == Self.calls("es1").dropLast())

      let rerun = try cluster.play(with: .newest)
      #expect(rerun.output.status == 0, "\(rerun.output.stdout)")
      #expect(try cluster.calls().suffix(10) == Self.calls("es1") + Self.calls("es2"))
    }
  }

  @Test func aNodeThatStaysAwayEndsIt() throws {
    try StandIn.with("absent", "es1") { cluster in
      let play = try cluster.play("--extra-vars", "elasticsearch_timeout=4")
      #expect(play.output.status == 2)
      #expect(
        play.output.stdout.contains("did not say who it is within 4 s"), "\(play.output.stdout)")
      #expect(try cluster.calls() == Self.calls("es1").dropLast())
    }
  }

  /// It is gone with the command to restart, or at the next that it is asked.
  @Test(arguments: zip([true, false], Ansible.Version.allCases))
  func aHostThatIsGoneAfterItsRestartIsToldAsANodeThatStaysAway(
    atOnce: Bool, with version: Ansible.Version
  ) throws {
    try StandIn.with { cluster in
      try cluster.loseHostsThatRestart(atOnce: atOnce)
      let play = try cluster.play(with: version)
      #expect(play.output.status == 2)
      let said = play.output.stdout
      let line = try #require(
        said.split(separator: "\n").first { $0.contains("es1: the node did not come back in") },
        "\(said)")
      #expect(line.contains("No route to host"))
      #expect(said.contains("run this playbook again, which gives the setting back"))
      #expect(try cluster.calls() == Self.calls("es1").dropLast())
    }
  }

  @Test func aVolumeThatStaysLockedIsWaitedForAndTold() throws {
    try StandIn.with { cluster in
      try cluster.lockVolumesThatRestart()
      let play = try cluster.play("--extra-vars", "elasticsearch_timeout=4")
      #expect(play.output.status == 2)
      let said = play.output.stdout
      #expect(
        said.contains("did not come back in order: esvault: volume 'esvol' is locked"), "\(said)")
      #expect(try cluster.calls() == Self.calls("es1").dropLast())

      // And where it is locked before, nobody is restarted.
      let rerun = try cluster.play("--extra-vars", "elasticsearch_timeout=4")
      #expect(rerun.output.status == 2)
      #expect(rerun.output.stdout.contains("volume 'esvol' is locked"))
      #expect(try cluster.calls().suffix(2) == [Self.calls("es1")[3], Self.calls("es1")[0]])
    }
  }

  @Test func aFailureBeforeTheRestartGivesTheSettingBack() throws {
    try StandIn.with("full") { cluster in
      let play = try cluster.play("--extra-vars", "elasticsearch_timeout=2")
      #expect(play.output.status == 2)
      let said = play.output.stdout
      #expect(said.contains("did not flush within 2 s"), "\(said)")
      #expect(said.contains("The node was not restarted. The setting was given back."), "\(said)")
      let calls = try cluster.calls().filter { !$0.hasPrefix("REFUSED") }
      #expect(calls == [Self.calls("es1")[0], Self.calls("es1")[1], Self.calls("es1")[0]])
    }
  }

  @Test func whereTheSettingCannotBeGivenBackThatIsTold() throws {
    try StandIn.with("stuck") { cluster in
      let play = try cluster.play("--extra-vars", "elasticsearch_timeout=2")
      #expect(play.output.status == 2)
      let said = play.output.stdout
      #expect(said.contains("did not flush within 2 s"), "\(said)")
      #expect(said.contains("The node was not restarted. The cluster may still have"), "\(said)")
      let restarts = try cluster.calls().filter { $0.contains("restart") }
      #expect(restarts == [])
    }
  }

  /// Green without a node that was there when the run began.
  @Test func aClusterThatHasLostANodeLosesNoOther() throws {
    try StandIn.with("leaving") { cluster in
      let play = try cluster.play("--extra-vars", "elasticsearch_timeout=4")
      #expect(play.output.status == 2)
      #expect(
        play.output.stdout.contains("did not become green with 3 nodes within 4 s"),
        "\(play.output.stdout)")
      #expect(try cluster.calls() == Self.calls("es1"))
    }
  }

  @Test func aYellowClusterHasAsManyCopiesAsBefore() throws {
    try StandIn.with("yellow") { cluster in
      let play = try cluster.play("--extra-vars", "elasticsearch_health=yellow")
      #expect(play.output.status == 0, "\(play.output.stdout)")
      #expect(try cluster.calls() == Self.calls("es1") + Self.calls("es2"))
    }
  }

  @Test func anAPIKeyIsTakenAsAVaultHasIt() throws {
    try StandIn.with { cluster in
      let key = #"{"elasticsearch_user": "", "elasticsearch_api_key": "bm8tcmVhbC1rZXk=\n"}"#
      let play = try cluster.play("--check", "--extra-vars", key)
      #expect(play.output.status == 0, "\(play.output.stdout)")
    }
  }

  @Test(arguments: [
    #"{"elasticsearch_api_key": "bm8tcmVh\nbC1rZXk="}"#,
    #"{"elasticsearch_url": "http://operator:bm8tcmVh@127.0.0.1"}"#,
  ])
  func credentialsThatWouldBeSeenAreRefused(_ variables: String) throws {
    try StandIn.with { cluster in
      let play = try cluster.play("-vvv", "--extra-vars", variables)
      #expect(play.output.status == 2)
      let answers = play.output.stdout.split(separator: "\n").filter {
        $0.contains("elasticsearch_url must be")
      }
      #expect(!answers.isEmpty, "\(play.output.stdout)")
      #expect(!answers.contains { $0.contains("bm8tcmVh") })
      #expect(try cluster.calls() == [])
    }
  }

  @Test func whatIsMisspeltIsNamed() throws {
    try StandIn.with { cluster in
      let play = try cluster.play("--extra-vars", "elasticsearch_reboot=service")
      #expect(play.output.status == 2)
      #expect(
        play.output.stdout.contains(
          "es1: the role elasticsearch has no variable 'elasticsearch_reboot'"),
        "\(play.output.stdout)")
    }
  }

  @Test(arguments: Ansible.Version.allCases)
  func whereAHostIsNotReachedNobodyIsRestarted(with version: Ansible.Version) throws {
    try StandIn.with { cluster in
      try cluster.lose("es2")
      let play = try cluster.play(with: version)
      #expect(play.output.status == 2, "\(play.output)")
      #expect(play.output.stdout.contains("did not say who it is"), "\(play.output)")
      #expect(try cluster.calls() == [])
    }
  }

  @Test func aClusterThatIsNotWholeLosesNoNode() throws {
    try StandIn.with("silent") { cluster in
      let play = try cluster.play("--extra-vars", "elasticsearch_timeout=2")
      #expect(play.output.status == 2)
      #expect(
        play.output.stdout.contains("did not become green with 3 nodes within 2 s"),
        "\(play.output.stdout)")
      #expect(try cluster.calls() == [Self.calls("es1")[0]])
    }
  }

  /// Two seconds lie between two questions: of those that take three there are two in six, after one for
  /// each node at the beginning.
  @Test(arguments: Ansible.Version.allCases)
  func theBoundIsOfTimeAndNotOfQuestions(with version: Ansible.Version) throws {
    try StandIn.with("slow") { cluster in
      let play = try cluster.play("--extra-vars", "elasticsearch_timeout=6", with: version)
      #expect(play.output.status == 2)
      let said = play.output.stdout
      #expect(said.contains("did not become green with 3 nodes within 6 s"), "\(said)")
      #expect((3...4).contains(try cluster.calls().count { $0 == "ASKED" }))
    }
  }

  @Test func aWrongPasswordIsSaidAndNotShown() throws {
    try StandIn.with { cluster in
      let play = try cluster.play(
        "-vvv", "--extra-vars", "elasticsearch_timeout=2 elasticsearch_password=wrong-horse",
        with: .newest)
      #expect(play.output.status == 2)
      let said = play.output.stdout + play.output.stderr
      #expect(said.contains("missing authentication credentials"), "\(said)")
      #expect(!said.contains("b3BlcmF0b3I6d3JvbmctaG9yc2U="))
      #expect(try cluster.calls() == [])
    }
  }
}

/// The stand-in for a cluster, in a process of its own, with those for systemctl, esvault and ssh, which
/// reaches this computer for every host that the file `gone` does not name.
private struct StandIn {
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
    try Output(of: "/usr/bin/timeout", ["60", "sh", "-c", wait]).require("start the stand-in")
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

  func play(_ words: String..., with version: Ansible.Version = .debian) throws -> Play {
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

  /// What was written to the cluster.
  func calls() throws -> [String] {
    guard FileManager.default.fileExists(atPath: scratch.path + "/calls") else { return [] }
    return try scratch.text(of: "calls").split(separator: "\n").map(String.init)
  }
}
