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
      let said = try cluster.failure()
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
      let said = try cluster.failure(within: 15)
      #expect(said.contains("did not say who it is within 15 s"), "\(said)")
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
      let said = try cluster.failure(within: 15, with: version)
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
      let said = try cluster.failure(within: 15)
      #expect(
        said.contains("did not come back in order: esvault: volume 'esvol' is locked"), "\(said)")
      #expect(try cluster.calls() == Self.calls("es1").dropLast())

      // And where it is locked before, nobody is restarted.
      let again = try cluster.failure(within: 15)
      #expect(again.contains("volume 'esvol' is locked"), "\(again)")
      #expect(try cluster.calls().suffix(2) == [Self.calls("es1")[3], Self.calls("es1")[0]])
    }
  }

  @Test func aFailureBeforeTheRestartGivesTheSettingBack() throws {
    try StandIn.with("full") { cluster in
      let said = try cluster.failure(within: 10)
      #expect(said.contains("did not flush within 10 s"), "\(said)")
      #expect(said.contains("The node was not restarted. The setting was given back."), "\(said)")
      let calls = try cluster.calls().filter { !$0.hasPrefix("REFUSED") }
      #expect(calls == [Self.calls("es1")[0], Self.calls("es1")[1], Self.calls("es1")[0]])
    }
  }

  @Test func whereTheSettingCannotBeGivenBackThatIsTold() throws {
    try StandIn.with("stuck") { cluster in
      let said = try cluster.failure(within: 10)
      #expect(said.contains("did not flush within 10 s"), "\(said)")
      #expect(said.contains("The node was not restarted. The cluster may still have"), "\(said)")
      let restarts = try cluster.calls().filter { $0.contains("restart") }
      #expect(restarts == [])
    }
  }

  /// Green without a node that was there when the run began.
  @Test func aClusterThatHasLostANodeLosesNoOther() throws {
    try StandIn.with("leaving") { cluster in
      // Long enough for the first node to come back, also where others keep the processors busy.
      let said = try cluster.failure(within: 20)
      #expect(said.contains("did not become green with 3 nodes within 20 s"), "\(said)")
      #expect(try cluster.calls() == Self.calls("es1"))
    }
  }

  @Test func aYellowClusterHasAsManyCopiesAsBefore() throws {
    try StandIn.with("yellow") { cluster in
      let play = try cluster.play(["--extra-vars", "elasticsearch_health=yellow"])
      #expect(play.output.status == 0, "\(play.output.stdout)")
      #expect(try cluster.calls() == Self.calls("es1") + Self.calls("es2"))
    }
  }

  @Test func anAPIKeyIsTakenAsAVaultHasIt() throws {
    try StandIn.with { cluster in
      let key = #"{"elasticsearch_user": "", "elasticsearch_api_key": "bm8tcmVhbC1rZXk=\n"}"#
      let play = try cluster.play(["--check", "--extra-vars", key])
      #expect(play.output.status == 0, "\(play.output.stdout)")
    }
  }

  @Test(arguments: [
    (#"{"elasticsearch_api_key": "bm8tcmVh\nbC1rZXk="}"#, "elasticsearch_api_key is not in base64"),
    (#"{"elasticsearch_url": "http://operator:bm8tcmVh@127.0.0.1"}"#, "have no user in it"),
    (
      #"{"elasticsearch_repository": "deb https://operator:bm8tcmVh@127.0.0.1/8.x stable main"}"#,
      "elasticsearch_repository must have no user in it"
    ),
  ])
  func credentialsThatWouldBeSeenAreRefused(_ variables: String, _ reason: String) throws {
    try StandIn.with { cluster in
      let said = try cluster.failure("-vvv", "--extra-vars", variables)
      #expect(said.contains(reason), "\(said)")
      #expect(!said.contains("bm8tcmVh"), "\(said)")
      #expect(try cluster.calls() == [])
    }
  }

  @Test func whatIsMisspeltIsNamed() throws {
    try StandIn.with { cluster in
      let said = try cluster.failure("--extra-vars", "elasticsearch_reboot=service")
      #expect(
        said.contains("es1: the role elasticsearch has no variable 'elasticsearch_reboot'"),
        "\(said)")
    }
  }

  @Test(arguments: Ansible.Version.allCases)
  func whereAHostIsNotReachedNobodyIsRestarted(with version: Ansible.Version) throws {
    try StandIn.with { cluster in
      try cluster.lose("es2")
      let said = try cluster.failure(within: 15, with: version)
      #expect(said.contains("did not say who it is"), "\(said)")
      #expect(try cluster.calls() == [])
    }
  }

  @Test func aClusterThatIsNotWholeLosesNoNode() throws {
    try StandIn.with("silent") { cluster in
      let said = try cluster.failure(within: 10)
      #expect(said.contains("did not become green with 3 nodes within 10 s"), "\(said)")
      #expect(try cluster.calls() == [Self.calls("es1")[0]])
    }
  }

  /// Two seconds lie between two questions: of those that take three there are four at most in twenty, after
  /// one for each node at the beginning.
  @Test(arguments: Ansible.Version.allCases)
  func theBoundIsOfTimeAndNotOfQuestions(with version: Ansible.Version) throws {
    try StandIn.with("slow") { cluster in
      let said = try cluster.failure(within: 20, with: version)
      #expect(said.contains("did not become green with 3 nodes within 20 s"), "\(said)")
      // By number it would be asked a dozen times.
      #expect((3...8).contains(try cluster.calls().count { $0 == "ASKED" }))
    }
  }

  @Test func aWrongPasswordIsSaidAndNotShown() throws {
    try StandIn.with { cluster in
      let said = try cluster.failure(
        within: 10, "-vvv", "--extra-vars", "elasticsearch_password=wrong-horse", with: .newest)
      #expect(said.contains("missing authentication credentials"), "\(said)")
      #expect(!said.contains("b3BlcmF0b3I6d3JvbmctaG9yc2U="))
      #expect(try cluster.calls() == [])
    }
  }
}
