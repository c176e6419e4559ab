import Lab
import Testing

/// Where the key comes from at boot, or does not. The tests go on from one another.
@Suite(.serialized, .machine(Machine.Disk(serial: "vol1", bytes: 512 << 20)))
struct KeyAtBootTests {
  private static let key = "a-key-that-is-stored-nowhere"
  private static let store = "/etc/credstore.encrypted"

  @Test func aKeyThatIsStoredNowhereHoldsUpNoBootAndIsGivenByHand() throws {
    let machine = try SharedMachine.machine
    let made = try machine.provision("vol1 --key-file - --key-is-random", input: Self.key)
    made.expectDone()
    #expect(made.output.stderr.contains("after a reboot, run 'esvault unlock'"))
    let node = Node(machine: machine)
    try node.waitUntilGreen()
    try node.index(["kept"])
    try machine.bash("cat >/root/node-id; sync", input: node.id())

    try machine.reboot()
    try machine.expectDown(because: "volume 'esvol' is not open", "run 'esvault unlock'")
    let journal = try machine.unlockJournal()
    #expect(journal.contains("no key was given"), "\(journal)")
    #expect(journal.contains("give it: esvault unlock"), "\(journal)")

    let unlocked = try machine.run("esvault unlock --key-file -", input: Self.key)
    #expect(unlocked.status == 0, "\(unlocked)")
    try expectSameNode()
  }

  @Test func aCredentialOpensTheVolumeAtBootWithNobodyThere() throws {
    let machine = try SharedMachine.machine
    // As the README has it, but with the key and a name of our own.
    let commands = try Page("README.md").blocks("sh", below: "After a reboot")
      .filter { $0.contains("/root/esvol.key") }.map { $0.replacing("esvol", with: "es-key") }
    try #require(commands.count == 2)
    try machine.bash(commands[0])
    try machine.bash("cat >/root/es-key.key", input: Self.key)
    let provision = try #require(commands[1].firstRange(of: "esvault provision"))
    try machine.bash(String(commands[1][..<provision.lowerBound]))
    #expect(try machine.bash("stat -c %a \(Self.store); ls /root/es-key.key || true") == "700")
    // The key of a volume that runs gets a place, and the node goes on.
    let moved = try machine.provision("--name esvol --key-credential es-key")
    moved.expectDone()
    #expect(moved.steps == ["record", "units"])

    try machine.reboot()
    try expectSameNode()
    try machine.expectOpenAndClean()
  }

  @Test func aCredentialThatIsMissingHoldsUpNoBootAndIsNamed() throws {
    let machine = try SharedMachine.machine
    try machine.bash("mv \(Self.store)/es-key /root/; sync")
    try machine.reboot()
    try machine.expectDown(because: "volume 'esvol' is not open", "run 'esvault unlock'")
    let journal = try machine.unlockJournal()
    #expect(journal.contains("credential 'es-key'"), "\(journal)")

    try machine.bash("mv /root/es-key \(Self.store)/; esvault unlock")
    try expectSameNode()
  }

  private func expectSameNode(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let node = Node(machine: try SharedMachine.machine)
    try node.waitUntilGreen()
    #expect(try node.hits("kept") == 1, sourceLocation: sourceLocation)
    let id = try node.machine.bash("cat /root/node-id")
    #expect(try node.id() == id, sourceLocation: sourceLocation)
  }
}
