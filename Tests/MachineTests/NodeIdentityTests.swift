import Testing

extension MachineTests {
  /// The node id is recorded with the volume: another one, or none, means a wrong or an emptied volume.
  @Suite struct NodeIdentityTests {
    private static let id = "_cRiw287SRyE7ChkYnWIww"

    @Test func anEmptiedVolumeIsReportedAndNotGivenToANewNodeUntilSomebodySaysSo() async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        try Esvault("unlock", "--no-start").expectDone()
        try bash("rm -r /mnt/es/elasticsearch/nodes")
        let words = "volume 'esvol' holds no node, and the recorded one is '\(Self.id)'"

        // Who opens it is told, and so is who asks; Elasticsearch is not locked out.
        try Esvault("lock").expectDone()
        let unlocked = try Esvault("unlock", "--no-start")
        unlocked.expectDone()
        #expect(unlocked.notes.contains { $0.hasPrefix(words) }, "\(unlocked.notes)")
        #expect(unlocked.errors.contains("note: \(words)"))
        let again = try Esvault("unlock", "--no-start")
        #expect(again.stepIDs.isEmpty && again.notes.contains { $0.hasPrefix(words) })
        let problems = try Esvault("status").volume["problems"] as? [[String: String]] ?? []
        #expect(problems.contains { $0["description"] == words }, "\(problems)")
        #expect(try run("/payload/esvault", ["status", "--require"]).status == 0)

        let refused = try Esvault.provision()
        #expect(refused.status == 2 && refused.refusal?.description == words)
        // While it is closed nobody sees that: the node is not started.
        try Esvault("lock").expectDone()
        let stopped = try Esvault.provision()
        #expect(stopped.status == 1 && stopped.failure == words)
        #expect(stopped.steps.last?.id == "verify" && stopped.steps.last?.state == "planned")
        #expect(try bash("ls -A /mnt/es/elasticsearch") == "")

        try bash("sed -i '/node: \(Self.id)/d' /etc/esvault/esvault.yml")
        let accepted = try Esvault.provision()
        accepted.expectDone()
        #expect(accepted.stepIDs == ["start", "verify"])
        #expect(
          try bash("grep node: /etc/esvault/esvault.yml") == "    node: \(Self.id)")
      }
    }

    @Test func aMachineOfAnOlderVersionGetsItsNodeRecordedWhileItRuns() async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        try bash("sed -i /node:/d /etc/esvault/esvault.yml")
        try Esvault("unlock", "--no-start").expectDone()
        try bash("systemctl start elasticsearch.service")
        let outcome = try Esvault.provision()
        outcome.expectDone()
        #expect(outcome.stepIDs == ["record"])
        #expect(
          try bash("grep node: /etc/esvault/esvault.yml") == "    node: \(Self.id)")
        #expect(try Esvault.provision().stepIDs.isEmpty)
      }
    }

    @Test func aDataDirectoryThatIsALinkIsRefused() async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        try Esvault("unlock", "--no-start").expectDone()
        try bash("mv /mnt/es/elasticsearch /mnt/es/moved; ln -s moved /mnt/es/elasticsearch")
        let words =
          "'/mnt/es/elasticsearch' leads through the symbolic link '/mnt/es/elasticsearch'"
        let refused = try Esvault.provision()
        #expect(refused.status == 2 && refused.refusal?.description == words)
        #expect(try bash("readlink /mnt/es/elasticsearch") == "moved")
      }
    }
  }
}
