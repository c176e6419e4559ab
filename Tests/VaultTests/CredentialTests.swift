import Glibc
import LUKS
import Testing

@testable import Vault

@Suite struct CredentialTests {
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
  }

  /// A source with stores of its own, a stand-in for systemd-creds, and no systemd around it.
  private func credential(
    _ id: String = "esvol", directory: String? = nil, program: String = "exit 9",
    limit: Duration = .seconds(60)
  ) throws -> CredentialKey {
    let path = try scratch.program("systemd-creds", "#!/bin/bash\n\(program)\n")
    return CredentialKey(
      id, directory: directory, store: CredentialStore(root: scratch.path),
      decryption: CredentialDecryption(program: path, limit: limit))
  }

  @discardableResult
  private func store(
    _ folder: String, _ bytes: [UInt8] = Array("key".utf8), mode: mode_t = 0o400
  ) throws -> String {
    let parts = folder.split(separator: "/")
    for count in 1...parts.count {
      mkdir(scratch.path + "/" + parts.prefix(count).joined(separator: "/"), 0o700)
    }
    return try scratch.file(folder + "/esvol", bytes, mode: mode)
  }

  private func lent(_ key: CredentialKey) throws -> [UInt8] {
    try key.withKey { key in key.withUnsafeBytes { Array($0) } }
  }

  private func refusal(_ key: CredentialKey) throws -> Refusal {
    let refusal = try #require(throws: Refusal.self) { try key.withKey { _ in } }
    expectHouseStyle(refusal)
    return refusal
  }

  @Test func anEncryptedOneGoesBeforeAPlainOne() throws {
    let store = CredentialStore(root: scratch.path)
    #expect(store.place(of: "esvol") == nil)
    for folder in ["usr/lib/credstore", "run/credstore", "etc/credstore"] {
      let path = try self.store(folder)
      #expect(store.place(of: "esvol") == .plain(path))
    }
    for folder in ["usr/lib", "run", "etc"].map({ $0 + "/credstore.encrypted" }) {
      let path = try self.store(folder)
      #expect(store.place(of: "esvol") == .encrypted(path))
    }
  }

  @Test func oneThatIsNowhereIsAbsentAndSaysWhereItWasLookedFor() throws {
    #expect(try credential().facts() == .absent)
    let refusal = try refusal(credential())
    #expect(refusal.description == "there is no credential 'esvol'")
    for place in ["$CREDENTIALS_DIRECTORY", "/etc/credstore.encrypted", "/usr/lib/credstore"] {
      #expect(refusal.advice.contains(place))
    }
  }

  @Test func aPlainOneIsLentByteForByte() throws {
    let bytes: [UInt8] = [0, 0x0a, 0xff, 0, 0x0a]
    try store("etc/credstore", bytes)
    #expect(try credential().facts() == .usable)
    #expect(try lent(credential()) == bytes)
    try credential().makeDurable()
  }

  @Test func aPlainOneThatOthersMayReadIsUnusable() throws {
    try store("etc/credstore", mode: 0o644)
    guard case .unusable(let why) = try credential().facts() else {
      Issue.record("a key that everybody reads is usable")
      return
    }
    #expect(why.contains("chmod 0400"))
  }

  @Test func whatTheUnitWasGivenGoesBeforeTheStores() throws {
    try store("etc/credstore.encrypted")
    try store("given", [1, 2, 3])
    let key = try credential(directory: "\(scratch.path)/given")
    #expect(key.facts() == .usable)
    #expect(try lent(key) == [1, 2, 3])
    #expect(
      try lent(credential(directory: "\(scratch.path)/other", program: "echo -n it")).count == 2)
  }

  @Test func anEncryptedOneIsDecryptedForItsName() throws {
    let path = try store("etc/credstore.encrypted", mode: 0o644)
    let key = try credential(program: #"printf 'a\0b\n'; printf '%s ' "$@" >"$0.words""#)
    #expect(key.facts() == .usable)
    #expect(try lent(key) == [0x61, 0, 0x62, 0x0a])
    #expect(
      String(decoding: try scratch.bytes("systemd-creds.words"), as: UTF8.self)
        == "decrypt --name=esvol \(path) - ")
  }

  @Test func aLargeOneComesThroughThePipeWhole() throws {
    try store("etc/credstore.encrypted")
    #expect(try lent(credential(program: "head -c 1000000 /dev/zero")).count == 1_000_000)
  }

  @Test func theProgramSeesNothingOfOurEnvironment() throws {
    try store("etc/credstore.encrypted")
    setenv("ESVAULT_MARKER", "marker", 1)
    let seen = try lent(credential(program: "env"))
    #expect(!String(decoding: seen, as: UTF8.self).contains("marker"))
  }

  @Test func oneThatCannotBeDecryptedIsARefusalThatQuotesTheCauseAndNoKey() throws {
    try store("etc/credstore.encrypted")
    let refusal = try refusal(
      credential(program: "echo marker-key; echo 'Decryption failed (incorrect key?)' >&2; exit 1"))
    #expect(refusal.description.hasPrefix("the credential 'esvol' cannot be used: "))
    #expect(refusal.description.contains("Decryption failed (incorrect key?)"))
    #expect(!"\(refusal)".contains("marker"))
  }

  @Test func anEmptyOneAndAKilledProgramAreRefusals() throws {
    try store("etc/credstore.encrypted")
    #expect(try refusal(credential(program: "true")).description.contains("the key is empty"))
    #expect(try refusal(credential(program: "kill -9 $$")).description.contains("status 137"))
  }

  @Test(.timeLimit(.minutes(1))) func aProgramThatHangsIsNotWaitedForLong() throws {
    try store("etc/credstore.encrypted")
    let refusal = try refusal(
      credential(program: "exec sleep 1000", limit: .milliseconds(200)))
    #expect(refusal.description.contains("did not end within"))
  }

  @Test func anEmptyFileIsUnusableBeforeAnythingIsChanged() throws {
    try store("etc/credstore.encrypted", [])
    #expect(try credential().facts() == .unusable("it is empty"))
  }

  @Test(arguments: [
    ("esvol", true), ("es.vol_1-a@b", true), (String(repeating: "x", count: 255), true),
    ("", false), (".", false), ("..", false), ("a/b", false), ("a:b", false), ("a b", false),
    ("a%b", false), ("a\"b", false), ("a\nb", false), ("ä", false), ("a$b", false),
    (String(repeating: "x", count: 256), false),
  ])
  func aNameIsAPlainFileName(_ name: String, _ isValid: Bool) {
    #expect(CredentialName.isValid(name) == isValid)
  }
}

/// What a plan makes of a key that is a credential.
@Suite struct CredentialPlanTests {
  private let spec = VolumeSpec.generating.with { $0.key = .credential("esvol", isRandom: false) }

  @Test func aVolumeIsMadeWithIt() throws {
    let plan = try plan(spec, .healthy.with { $0.key = .usable })
    #expect(!plan.steps.contains { $0.id == "key" } && plan.needsKey)
    let recorded = plan.steps.compactMap { step in
      if case .record(let volume, _) = step { volume.key } else { nil }
    }
    #expect(recorded == [.credential("esvol")])
  }

  @Test func onlyARandomOneIsDerivedFast() throws {
    func derivation(_ isRandom: Bool) throws -> KeyDerivation? {
      let spec = spec.with { $0.key = .credential("esvol", isRandom: isRandom) }
      guard
        case .format(let formatting) = try plan(spec, .healthy.with { $0.key = .usable }).steps[0]
      else { return nil }
      return formatting.derivation
    }
    #expect(try derivation(true) == .pbkdf2Minimum)
    #expect(try derivation(false) != .pbkdf2Minimum)
  }

  @Test func withoutItNothingIsMade() throws {
    let absent = try refusal(spec, .healthy.with { $0.key = .absent })
    #expect(absent.description == "there is no credential 'esvol'")
    #expect(absent.advice.contains("systemd-creds encrypt --name=esvol"))
    let unusable = try refusal(spec, .healthy.with { $0.key = .unusable("it is empty") })
    #expect(unusable.description == "the credential 'esvol' cannot be used: it is empty")
  }

  @Test func aVolumeWhoseCredentialIsGoneIsNotGivenANewOne() throws {
    let facts = Facts.with(.ours(tokens: [.esvol(.ready)])).with { $0.key = .absent }
    #expect(
      try refusal(spec, facts).description
        == "the credential 'esvol' of volume 'esvol' is gone, and no new key can open it")
  }

  @Test func aNameThatSystemdDoesNotTakeIsRefused() throws {
    let spec = spec.with { $0.key = .credential("a/b", isRandom: false) }
    #expect(
      try refusal(spec, .healthy).description == "'a/b' cannot be the name of a credential")
  }
}
