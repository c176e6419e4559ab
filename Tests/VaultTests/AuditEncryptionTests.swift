import BlockDevices
import LUKS
import Testing

@testable import Vault

/// How well a volume is encrypted.
@Suite struct AuditEncryptionTests {
  private static let ofHeader: [Check] = [
    .luks2, .cipher, .liveMapping, .keyslots, .foreignKeyslots, .reencryption, .headerCopies,
    .journal,
  ]

  @Test(arguments: ofHeader.map(\.id)) func aFinishedVolumePasses(id: String) throws {
    let check = try #require(Self.ofHeader.first { $0.id == id })
    #expect(check.observation()?.verdict == .pass)
  }

  @Test(arguments: ofHeader.map(\.id)) func aHeaderOutOfSightNeverPasses(id: String) throws {
    let check = try #require(Self.ofHeader.first { $0.id == id })
    check.expect(.unknown, "only root may") {
      $0.chain.header = .needsRoot
      $0.chain.encryption = .needsRoot
    }
    check.expect(.unknown, "it is damaged") { $0.chain.header = .failed("it is damaged") }
  }

  @Test(arguments: ofHeader.map(\.id).filter { $0 != "live-mapping" })
  func aDiskThatIsAwayIsUnknownAndADiskWithoutHeaderFails(id: String) throws {
    let check = try #require(Self.ofHeader.first { $0.id == id })
    check.expect(.unknown, "is not there") { $0.chain = .closed.with { $0.disk = nil } }
    check.expect(.fail, "has no LUKS header") { $0.chain.header = .nothing }
  }

  @Test(arguments: Check.ofMachine.map(\.id).filter { $0 != "volume-configured" })
  func ofAVolumeThatWasNeverMadeNothingIsSaid(id: String) throws {
    let check = try #require(Check.ofMachine.first { $0.id == id })
    let facts = AuditFacts(volumes: [AuditedVolume.finished.with { $0.spec.uuid = nil }])
    #expect(check.judge(facts).isEmpty)
  }

  @Test func aVolumeOnInstanceStorePassesAndItIsSaid() {
    let seen = Check.luks2.observation {
      $0.chain.disk?.model = "Amazon EC2 NVMe Instance Storage"
    }
    #expect(seen?.verdict == .pass)
    #expect(seen?.evidence.contains { $0.contains("blank after a stop") } == true)
    #expect(Check.luks2.observation()?.evidence.count == 1)
  }

  @Test func aLUKS1HeaderFails() {
    Check.luks2.expect(.fail, "LUKS1") { $0.header.version = 1 }
    Check.headerCopies.expect(.fail, "no second copy") { $0.header.version = 1 }
  }

  @Test func aNullOrOtherCipherFails() {
    Check.cipher.expect(.fail, "the null cipher") { $0.header.cipher = "cipher_null-ecb" }
    Check.cipher.expect(.fail, "any key opens it") {
      $0.header.keyslots[0].cipher = "cipher_null-ecb"
    }
    Check.cipher.expect(.fail, "aes-cbc-essiv:sha256") {
      $0.header.cipher = "aes-cbc-essiv:sha256"
    }
    Check.cipher.expect(.fail, "256 bits, not aes-xts-plain64 with 512") { $0.header.keyBits = 256 }
    Check.cipher.expect(.pass, "256 bits") {
      $0.header.keyBits = 256
      $0.spec.policy.keyBits = 256
    }
    Check.cipher.expect(.fail, "at byte 4096") { $0.header.dataOffset = 4096 }
  }

  @Test func aMappingThatIsNotTheHeadersFails() {
    let changes: [((inout Mapping) -> Void, String)] = [
      ({ $0.device = "259:2" }, "the disk 259:2"),
      ({ $0.uuid = Sample.fresh.luks }, "the LUKS UUID"),
      ({ $0.sectorSize = 512 }, "sectors of 512 bytes"),
      ({ $0.cipher = "cipher_null-ecb" }, "encrypted with cipher_null-ecb"),
      ({ $0.keyBits = 256 }, "256 bits"),
      ({ $0.dataOffset = 0 }, "from byte 0"),
    ]
    for (change, words) in changes {
      var mapping = Mapping.kernelTable
      change(&mapping)
      Check.liveMapping.expect(.fail, words) { $0.chain.encryption = .seen(mapping) }
    }
    // The header says another thing than the policy and the kernel.
    Check.liveMapping.expect(.fail, "a key of 512 bits") { $0.header.keyBits = 256 }
  }

  @Test func aMappingOfAnotherKindOrDiskFailsAndNoneAtAllPasses() {
    Check.liveMapping.expect(.fail, "does not encrypt") { $0.chain.encryption = .nothing }
    Check.liveMapping.expect(.fail, "another mapping") {
      $0.chain.mapping?.disk.kind = .mapping(name: "esvol", uuid: "LVM-x")
    }
    Check.liveMapping.expect(.fail, "not on 'vol1' as recorded") {
      $0.chain.mapping?.beneath = [.nvme(2)]
    }
    Check.liveMapping.expect(.fail, "is suspended") { $0.chain.mapping?.isSuspended = true }
    Check.liveMapping.expect(.pass, "is not open") { $0.chain = .closed }
    Check.liveMapping.expect(.unknown, "could not look") {
      $0.chain.encryption = .failed("could not look for 'esvol'")
    }
  }

  @Test func weakDerivationsFailExceptForAKeyOfEsvaultsOwn() {
    Check.keyslots.expect(.fail, "millions in a second") { $0.header.tokens = [] }
    Check.keyslots.expect(.fail, "too few to be random") { $0.keyFile.bytes = 12 }
    Check.keyslots.expect(.fail, "keyslot 1 costs only 1000 rounds of sha512") {
      $0.header.keyslots.append(
        Keyslot(id: 1, kdf: "pbkdf2", hash: "sha512", iterations: 1000, memoryKiB: nil))
    }
    Check.keyslots.expect(.pass, "keyslot 1: pbkdf2 with sha512, 210000 iterations") {
      $0.header.keyslots.append(
        Keyslot(id: 1, kdf: "pbkdf2", hash: "sha512", iterations: 210_000, memoryKiB: nil))
    }
    Check.keyslots.expect(.fail, "takes 32 KiB") { $0.header.keyslots = [.argon(32)] }
    Check.keyslots.expect(.pass, "argon2id, 1048576 KiB") {
      $0.header.keyslots = [.argon(1 << 20)]
    }
  }

  @Test func aKeyslotThatTakesMoreMemoryThanTheHeapLeavesFails() {
    Check.keyslots.expect(
      .fail, "takes 1024 MiB of memory, and the heap leaves 512 MiB", memory: 1 << 30
    ) {
      $0.header.keyslots = [.argon(1 << 20)]
      $0.chain.heap = .seen(512 << 20)
    }
  }

  @Test func aHeaderWithoutAKeyslotFails() {
    Check.keyslots.expect(.fail, "has no keyslot") { $0.header.keyslots = [] }
    Check.keyslots.expect(.fail, "has no keyslot") { $0.header.keyslots[0].isUnbound = true }
  }

  @Test func whatOthersHaveMadeIsListed() {
    Check.foreignKeyslots.expect(.fail, "keyslot 3, token 5 of type 'systemd-?tpm2'") {
      $0.header.keyslots.append(.argon(1 << 20, id: 3))
      $0.header.tokens.append(Token(id: 5, type: "systemd-\ntpm2", json: "{}"))
    }
    #expect(Check.foreignKeyslots.severity == .info)
  }

  @Test func anUnfinishedReencryptionFails() {
    Check.reencryption.expect(.fail, "online-reencrypt") {
      $0.header.requirements = ["online-reencrypt"]
    }
  }

  @Test func aDamagedCopyFails() {
    Check.headerCopies.expect(.fail, "one of the two copies") { $0.header.damagedCopies = 1 }
  }

  @Test func aJournalThatIsNotOfAFinishedRecordedVolumeFails() {
    func token(_ change: (inout VolumeToken) -> Void) -> [Token] {
      Header.ours(tokens: [VolumeToken.esvol(.ready).with(change)]).tokens
    }
    Check.journal.expect(.unknown, "I/O error") { $0.chain.inside = .failed("I/O error") }
    Check.journal.expect(.unknown, "only root") { $0.chain.inside = .needsRoot }
    Check.journal.expect(.fail, "0 esvault tokens") { $0.header.tokens = [] }
    Check.journal.expect(.fail, "2 esvault tokens") { $0.header.tokens += $0.header.tokens }
    Check.journal.expect(.fail, "'formatted'") {
      $0.header.tokens = token { $0.phase = .formatted }
    }
    Check.journal.expect(.fail, "newer than this program") {
      $0.header.tokens = token { $0.version = 2 }
    }
    Check.journal.expect(.fail, "of volume 'other'") {
      $0.header.tokens = token { $0.name = "other" }
    }
    Check.journal.expect(.fail, "for the disk 'vol9'") {
      $0.header.tokens = token { $0.serial = "vol9" }
    }
    Check.journal.expect(.fail, "should hold the ext4 filesystem") {
      $0.chain.inside = .seen(.ext4(Sample.fresh.filesystem))
    }
    Check.journal.expect(.fail, "holds no filesystem") { $0.chain.inside = .nothing }
    Check.journal.expect(.fail, "the LUKS UUID") { $0.header.uuid = Sample.fresh.luks }
    Check.journal.expect(.pass, "finished") {
      $0.chain.mapping = nil
      $0.chain.inside = .nothing
    }
  }
}

extension Keyslot {
  fileprivate static func argon(_ kibibytes: Int, id: Int = 0) -> Keyslot {
    Keyslot(id: id, kdf: "argon2id", hash: nil, iterations: 4, memoryKiB: kibibytes)
  }
}
