import BlockDevices
import Foundation
import Testing

@testable import Vault

/// The checks of where the data goes: each passes, fails, and cannot tell.
@Suite struct AuditPlacesTests {
  typealias Kind = StorageTrace.Link.Kind

  // MARK: - One place

  private static let luks = MappingEncryption.luks(cipher: "aes-xts-plain64")

  /// A trace that goes straight down, or to a second end beside the last.
  private func place(
    _ kinds: Kind..., beside other: Kind? = nil, x: MappingEncryption = luks,
    purpose: AuditedPlace.Purpose = .data
  ) -> AuditedPlace {
    var links = kinds.enumerated().map {
      StorageTrace.Link(level: $0.offset, kind: $0.element, name: "n\($0.offset)", detail: "d")
    }
    if let other { links.append(.init(level: kinds.count - 2, kind: other, name: "other")) }
    return AuditedPlace(
      purpose, "/p", origin: "o", StorageTrace(links: links, place: "/p", exists: true),
      encryption: ["x": x, "lv": .none])
  }

  private static let x = Kind.mapping(name: "x", uuid: "CRYPT-LUKS2-1-x")
  private static let lv = Kind.mapping(name: "lv", uuid: "LVM-1")

  @Test func whatStandsBehindLUKSIsEncrypted() {
    let seen = place(.path, .mount(type: "ext4"), Self.x, .partition, .disk)
    #expect(seen.isEncrypted == true && seen.problem == nil)
    #expect(seen.chain.map(\.encrypts) == [false, false, true, false, false])
    #expect(place(.path, .mount(type: "ext4"), Self.lv, Self.x, .disk).isEncrypted == true)
    #expect(place(.path, .mount(type: "ext4"), Self.x, Self.lv, .disk).isEncrypted == true)
    // It leaves the machine encrypted.
    #expect(place(.path, .mount(type: "ext4"), Self.x, .unknown).isEncrypted == true)
  }

  @Test func oneDiskInTheClearIsEnough() {
    let seen = place(.path, .array, Self.x, .disk, beside: .disk)
    #expect(seen.isEncrypted == false && seen.problem == "'other' beneath it is not behind LUKS")
    #expect(place(.path, .mount(type: "ext4"), .disk).isEncrypted == false)
    #expect(place(.path, .mount(type: "ext4"), Self.lv, .disk).isEncrypted == false)
    // It beats what is not known.
    #expect(place(.path, .array, .unknown, beside: .disk).isEncrypted == false)
  }

  @Test func whatCannotBeSeenIsNeverEncrypted() {
    #expect(place(.path, .unknown).isEncrypted == nil)
    #expect(place(.path, .array, Self.x, .disk, beside: .unknown).isEncrypted == nil)
    #expect(place(.path, Self.x, .disk, x: .unseen("why")).isEncrypted == nil)
    #expect(place(.path, Self.x, .disk, x: .unseen("why")).problem == "why")
    #expect(place(.path, Self.lv).isEncrypted == nil)
    #expect(place(.path, .mount(type: "ext4")).isEncrypted == nil)
    #expect(place().isEncrypted == nil && place().problem != nil)
    let nobodyLooked = AuditedPlace(
      .data, "/p", origin: "o",
      StorageTrace(links: [
        .init(level: 0, kind: Self.x, name: "x"), .init(level: 1, kind: .disk, name: "d"),
      ]), encryption: [:])
    #expect(nobodyLooked.isEncrypted == nil)
  }

  @Test func whatIsSentAwayIsNotEncrypted() {
    #expect(place(.path, .mount(type: "nfs4"), .network).isEncrypted == false)
  }

  @Test func aMappingThatOnlyLooksEncryptedIsNot() {
    let null = place(.path, Self.x, .disk, x: .null(cipher: "cipher_null-ecb"))
    #expect(null.isEncrypted == false)
    #expect(null.problem?.contains("'cipher_null-ecb', which encrypts nothing") == true)
    let plain = place(.path, Self.x, .disk, x: .plain(cipher: "aes", hasRandomKey: true))
    #expect(plain.isEncrypted == false)
    #expect(plain.problem?.contains("plain dm-crypt (aes)") == true)
  }

  @Test func forSwapARandomKeyIsRight() {
    let random = MappingEncryption.plain(cipher: "aes", hasRandomKey: true)
    #expect(place(Self.x, .disk, x: random, purpose: .swap).isEncrypted == true)
    let other = MappingEncryption.plain(cipher: "aes", hasRandomKey: false)
    #expect(place(Self.x, .disk, x: other, purpose: .swap).isEncrypted == false)
    #expect(Crypttab("swap /dev/sda2 /dev/urandom swap\n").hasRandomKey("swap"))
    #expect(!Crypttab("#swap /dev/sda2 /dev/urandom\nswap /dev/sda2 none\nx").hasRandomKey("swap"))
  }

  @Test func memoryIsAsSafeAsWhatItIsSwappedTo() {
    let memory = place(.path, .mount(type: "tmpfs"), .memory(canSwap: true))
    let clear = place(.disk, purpose: .swap)
    let unknown = place(.unknown, purpose: .swap)
    let encrypted = place(Self.x, .disk, purpose: .swap)
    #expect(memory.isEncrypted == true)
    #expect(memory.considering([encrypted]).isEncrypted == true)
    #expect(memory.considering([encrypted, unknown]).isEncrypted == nil)
    #expect(memory.considering([unknown, clear]).isEncrypted == false)
    let locked = place(.path, .mount(type: "ramfs"), .memory(canSwap: false))
    #expect(locked.considering([clear]).isEncrypted == true)
  }

  // MARK: - Checks

  private func judged(_ check: Check, _ facts: AuditFacts) -> [Verdict] {
    check.judge(facts).map(\.verdict)
  }

  private func facts(_ places: AuditedPlace..., service: ServiceMemory? = nil) -> AuditFacts {
    var facts = AuditFacts(places: places)
    facts.writing.services = [service ?? ServiceMemory(service: "elasticsearch.service")]
    return facts
  }

  @Test(
    arguments: [
      (Check.dataPath, .data), (.logPath, .logs), (.heapDumps, .heapDumps),
      (.heapDumps, .errorFiles),
      (.gcLogs, .gcLogs), (.temporaryFiles, .temporary), (.snapshotRepositories, .repository),
    ] as [(Check, AuditedPlace.Purpose)])
  func aPlacePassesFailsAndCannotBeTold(check: Check, purpose: AuditedPlace.Purpose) {
    let good = place(.path, .mount(type: "ext4"), Self.x, .disk, purpose: purpose)
    let bad = place(.path, .mount(type: "ext4"), .disk, purpose: purpose)
    let unseen = AuditedPlace.unseen(purpose, "/p", origin: "o", "it is dark")
    let observations = check.judge(facts(good, bad, unseen))
    #expect(observations.map(\.verdict) == [.pass, .fail, .unknown])
    for observation in observations {
      #expect(isPhrase(observation.message), "\(observation.message)")
      #expect(observation.subject == "/p" && !observation.evidence.isEmpty)
      if observation.verdict != .pass { #expect(isAdvice(observation.advice ?? "")) }
    }
    #expect(judged(check, facts()).isEmpty)
    let other: AuditedPlace.Purpose = purpose == .data ? .logs : .data
    #expect(judged(check, facts(place(.path, .disk, purpose: other))).isEmpty)
  }

  @Test func swapPassesFailsAndCannotBeTold() {
    let clear = place(.disk, purpose: .swap)
    #expect(judged(.swap, facts()) == [.pass])
    #expect(judged(.swap, facts(place(Self.x, .disk, purpose: .swap))) == [.pass])
    #expect(judged(.swap, facts(clear)) == [.fail])
    #expect(judged(.swap, facts(place(.unknown, purpose: .swap))) == [.unknown])
    #expect(judged(.swap, AuditFacts(places: [clear])).isEmpty)
  }

  @Test func lockedMemoryIsNotSwapped() {
    let clear = place(.disk, purpose: .swap)
    func verdict(_ change: (inout ServiceMemory) -> Void) -> [Verdict] {
      var memory = ServiceMemory(service: "s")
      change(&memory)
      return judged(.swap, facts(clear, service: memory))
    }
    #expect(verdict { $0.isKeptFromSwap = true } == [.pass])
    #expect(verdict { $0.mayLockAll = true } == [.fail])
    #expect(verdict { $0.locksMemory = true } == [.fail])
    #expect(verdict { ($0.locksMemory, $0.mayLockAll) = (true, true) } == [.pass])
    #expect(
      verdict { ($0.locksMemory, $0.mayLockAll, $0.locked) = (true, true, 0) } == [.fail])
    #expect(
      verdict { ($0.locksMemory, $0.locked, $0.heap) = (true, 1 << 30, 1 << 30) } == [.pass])
    #expect(
      verdict { ($0.locksMemory, $0.locked, $0.heap) = (true, 1 << 20, 1 << 30) } == [.fail])
    // How much it has to lock is not known.
    #expect(verdict { ($0.locksMemory, $0.locked) = (true, 1 << 30) } == [.fail])
    // Every service must be.
    var both = facts(clear)
    both.writing.services.append(ServiceMemory(service: "t"))
    both.writing.services[0].isKeptFromSwap = true
    #expect(judged(.swap, both) == [.fail])
  }

  @Test(
    arguments: [
      (CoreDumpHandler.kernel, ["0"], nil, .pass), (.systemd, ["0", "0"], false, .pass),
      (.kernel, ["0", "unlimited"], false, .fail), (.kernel, ["unlimited"], true, .pass),
      (.kernel, ["unlimited"], nil, .unknown), (.systemd, [nil], false, .unknown),
      (.program("/usr/share/apport/apport"), ["0"], nil, .unknown),
      (.nobody("/bin/false"), ["unlimited"], nil, .pass), (.unknown("dark"), ["0"], nil, .unknown),
    ] as [(CoreDumpHandler, [String?], Bool?, Verdict)])
  func coreDumpsPassFailAndCannotBeTold(
    handler: CoreDumpHandler, limits: [String?], home: Bool?, verdict: Verdict
  ) {
    var memory = ServiceMemory(service: "s")
    memory.coreLimits = limits.map { CoreLimit(subject: "process 1", limit: $0) }
    var folder = place(.path, purpose: .coreDumps)
    folder.isEncrypted = home
    var facts = facts(folder, service: memory)
    facts.writing.coreDumps = handler
    let observations = Check.coreDumps.judge(facts)
    #expect(observations.map(\.verdict) == [verdict])
    #expect(observations.allSatisfy { isPhrase($0.message) })
  }

  @Test func dataLeftBehindPassesFailsAndCannotBeTold() {
    var facts = facts()
    #expect(judged(.leftBehindData, facts) == [.pass])
    facts.writing.leftBehind = [
      place(.path, .disk), place(.path, Self.x, .disk),
      .unseen(.data, "/p", origin: "o", "only root may look into it"),
    ]
    #expect(judged(.leftBehindData, facts) == [.fail, .pass, .unknown])
    #expect(judged(.leftBehindData, AuditFacts()).isEmpty)
  }

  // MARK: - Looks

  @Test(
    arguments: [
      ("core", "external", .kernel, ["/w"]), ("/cores/core.%p", "external", .kernel, ["/cores"]),
      (
        "|/usr/lib/systemd/systemd-coredump %P", "external", .systemd,
        ["/var/lib/systemd/coredump"]
      ), ("|/usr/lib/systemd/systemd-coredump %P", "journal", .systemd, ["/var/log/journal"]),
      (
        "|/usr/lib/systemd/systemd-coredump %P", "none",
        .nobody("systemd-coredump, with Storage=none"), []
      ), ("|/bin/false", "external", .nobody("/bin/false"), []),
      ("|/usr/share/apport/apport -p%p", "external", .program("/usr/share/apport/apport"), []),
      ("@/run/cores.socket", "external", .program("@/run/cores.socket"), []),
      ("@@/run/cores.socket", "external", .program("@@/run/cores.socket"), []),
    ] as [(String, String, CoreDumpHandler, [String])])
  func whoGetsCoreDumpsIsRead(
    pattern: String, storage: String, handler: CoreDumpHandler, folders: [String]
  ) {
    let survey = CoreDumpSurvey(pattern: pattern, storage: storage)
    #expect(survey.handler == handler)
    #expect(survey.folders(working: .success("/w")).map(\.path) == folders)
  }

  @Test func whereTheServiceWorksMattersToTheKernelAlone() {
    let nobodyKnows = WrittenPaths.SettingsFailure(why: "why")
    func problems(_ pattern: String) -> [String?] {
      CoreDumpSurvey(pattern: pattern, storage: "external").folders(working: .failure(nobodyKnows))
        .map(\.problem)
    }
    #expect(problems("core") == ["why"])
    #expect(problems("/cores/core") == [nil])
    #expect(problems("|/usr/lib/systemd/systemd-coredump") == [nil])
  }

  @Test func systemdStoresCoreDumpsWhereTheMachineSeesThem() {
    func sees(_ pattern: String) -> Bool {
      let survey = CoreDumpSurvey(pattern: pattern, storage: "external")
      let tree = survey.tree(.unknown, ofService: .failure(.init(why: "it does not run")))
      return (try? tree.get()) != nil
    }
    #expect(sees("|/usr/lib/systemd/systemd-coredump %P"))
    #expect(!sees("core"))
  }

  /// As systemd looks for its configuration: of several files with one name the first place counts.
  @Test(
    arguments: [
      ([], "external"), ([("usr/lib", "coredump.conf", "none")], "none"),
      ([("etc", "coredump.conf", "journal"), ("usr/lib", "coredump.conf", "none")], "journal"),
      (
        [
          ("usr/lib", "coredump.conf.d/a.conf", "none"),
          ("etc", "coredump.conf.d/a.conf", "journal"),
        ], "journal"
      ),
      ([("etc", "coredump.conf", "none"), ("usr/local/lib", "coredump.conf.d/a.conf", "x")], "x"),
      (
        [("run", "coredump.conf.d/b.conf", "none"), ("etc", "coredump.conf.d/a.conf", "journal")],
        "none"
      ),
    ] as [([(String, String, String)], String)])
  func theStorageOfCoreDumpsIsReadAsSystemdDoes(
    files: [(String, String, String)], storage: String
  ) throws {
    let scratch = try Scratch()
    for (place, name, value) in files {
      let path = "\(place)/systemd/\(name)"
      let folder = path[..<(path.lastIndex(of: "/") ?? path.endIndex)]
      try FileManager.default.createDirectory(
        atPath: "\(scratch.path)/\(folder)", withIntermediateDirectories: true)
      try scratch.file(path, Array("[Coredump]\nStorage=\(value)\n".utf8))
    }
    #expect(CoreDumpSurvey.storage(below: scratch.path) == storage)
  }

  @Test func limitsAreReadAsSystemctlShowsThem() {
    let unit = SystemdUnit.read(
      "LoadState=loaded\nLimitCORE=infinity\nLimitCORESoft=0\nLimitMEMLOCK=infinity\nMemorySwapMax=0"
    )
    #expect(unit.limits.core == "0")
    #expect(unit.limits.lockedMemory == "infinity")
    #expect(unit.limits.swap == "0")
    #expect(SystemdUnit.read("LoadState=loaded").limits == ServiceLimits())
  }
}
