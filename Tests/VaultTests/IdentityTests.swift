import BlockDevices
import LUKS
import Testing

@testable import Vault

/// A volume is known by its LUKS UUID and the disk's own serial, and by nothing else.
@Suite struct IdentityTests {
  private let ready = Header.ours(tokens: [.esvol(.ready)])

  @Test func twoDisksWithOneUUIDTheRecordedSerialDecides() throws {
    let facts = Facts.finished.with { $0.disks.append(.carrying(ready, 2)) }
    let plan = try plan(.recorded, facts)
    #expect(plan.steps.isEmpty)
    #expect(plan.notes.count == 1)
    #expect(plan.notes[0].contains("/dev/nvme2n1") && plan.notes[0].contains("a copy"))
  }

  @Test func twoDisksWithOneUUIDAndNoSerialAreRefused() throws {
    let facts = Facts.finished.with {
      $0.configuration = .reading(
        Sample.recorded.replacing("    device: vol1\n", with: ""))
      $0.disks.append(.carrying(ready, 2))
    }
    let refusal = try refusal(.recorded.with { $0.device = nil }, facts)
    #expect(refusal.description.contains("/dev/nvme1n1, /dev/nvme2n1"))
  }

  @Test func aSnapshotOnAnotherDiskIsRefused() throws {
    let facts = Facts.finished.with { $0.target = .carrying(ready, 2) }
    let refusal = try refusal(.recorded.with { $0.device = nil }, facts)
    #expect(refusal.description.contains("'vol2'") && refusal.description.contains("'vol1'"))
  }

  @Test func aTokenThatNamesAnotherDiskIsRefused() throws {
    let header = Header.ours(tokens: [.esvol(.ready).with { $0.serial = "vol9" }])
    let refusal = try refusal(.generating, .with(header))
    #expect(refusal.description.contains("'vol9'") && refusal.description.contains("'vol1'"))
  }

  @Test func aVolumeThatIsAttachedNowhereIsRefused() throws {
    let facts = Facts.finished.with { $0.disks = [.system] }
    let refusal = try refusal(.recorded.with { $0.device = nil }, facts)
    #expect(refusal.description.contains(Sample.earlier.luks))
    #expect(refusal.advice.contains("'vol1'"))
  }

  @Test func aVolumeOfAnotherMachineIsNotBelieved() throws {
    let refusal = try refusal(.generating, Facts.with(ready).with { $0.intent = nil })
    #expect(refusal.description.contains("no record of"))
    #expect(refusal.advice.hasSuffix("esvault unlock --adopt /dev/nvme1n1"))
  }

  @Test func aDiskBesideTheRecordedOneIsRefused() throws {
    let facts = Facts.finished.with {
      $0.disks.append(.blank(2))
      $0.named = .disk("nvme2n1")
    }
    let refusal = try refusal(.recorded.with { $0.device = "/dev/nvme2n1" }, facts)
    #expect(refusal.description.contains("'/dev/nvme1n1', not on '/dev/nvme2n1'"))
    #expect(refusal.advice.contains("--name NAME"))
  }

  @Test func aTokenOfANewerVersionIsRefused() throws {
    let json = VolumeToken.esvol(.ready).with { $0.version = 2 }.json()
    let header = ready.with { $0.tokens = [Token(id: 0, type: "esvault", json: json)] }
    #expect(try refusal(.generating, .with(header)).description.contains("version 2"))
  }

  @Test(arguments: ["", "{}", "[]", #"{"version":1}"#])
  func aTokenThatIsNoneIsRefused(_ json: String) throws {
    let header = ready.with { $0.tokens = [Token(id: 0, type: "esvault", json: json)] }
    #expect(try refusal(.generating, .with(header)).description.contains("not valid"))
  }

  @Test func twoTokensAreRefused() throws {
    let header = Header.ours(tokens: [.esvol(.ready), .esvol(.formatted)])
    #expect(try refusal(.generating, .with(header)).description.contains("2 esvault tokens"))
  }

  @Test func tokensAndKeyslotsOfOthersAreLeftAlone() throws {
    let facts = Facts.finished.with {
      $0.target = .carrying(
        ready.with {
          $0.tokens.append(Token(id: 5, type: "systemd-tpm2", json: "{}"))
          $0.keyslots.append(
            Keyslot(id: 7, kdf: "argon2id", hash: nil, iterations: 4, memoryKiB: 1024))
        })
    }
    #expect(try plan(.recorded, facts).steps.isEmpty)
  }

  @Test func aVolumeIsNotMovedToAnotherMountPoint() throws {
    let spec = VolumeSpec.generating.with {
      $0.mount = "/mnt/other"
      $0.data = "/mnt/other/elasticsearch"
    }
    let refusal = try refusal(spec, .with(ready))
    #expect(refusal.advice.contains("--mount /mnt/es --data /mnt/es/elasticsearch"))
  }

  @Test func whatIsToBePastedIsOneWord() throws {
    let evil = "/mnt/$(touch x)"
    let header = Header.ours(
      tokens: [
        .esvol(.ready).with {
          $0.mount = evil
          $0.data = evil + "/data"
        }
      ])
    let advice = try refusal(.generating, .with(header)).advice
    #expect(advice.contains("--mount '/mnt/$(touch x)' --data '/mnt/$(touch x)/data'"))
    let label = Header.ours(name: "$(touch x)")
    #expect(try !refusal(.generating, .with(label)).advice.contains("touch"))
  }

  // MARK: What an opened volume must be

  @Test func aNullCipherIsNotOpened() throws {
    let changes: [(inout Header) -> Void] = [
      { $0.cipher = "cipher_null-ecb" }, { $0.cipher = "aes-cbc-essiv:sha256" },
      { $0.keyBits = 256 }, { $0.dataOffset = 4 << 20 }, { $0.requirements = ["online-reencrypt"] },
    ]
    for phase in [VolumeToken.Phase.formatted, .ready] {
      for change in changes {
        let header = Header.ours(tokens: [.esvol(phase)]).with(change)
        #expect(try refusal(.generating, .with(header)).description.contains("volume 'esvol'"))
      }
    }
    for change in changes {
      _ = try refusal(.generating, .with(Header.ours().with(change)))
    }
  }

  @Test func anExistingMappingOnAnotherDiskIsRefused() throws {
    let mappings: [MappingFacts] = [
      .encrypted(.esvol(uuid: Sample.fresh.luks), above: ["nvme1n1"], inside: .ext4()),
      .encrypted(.esvol(), above: ["nvme2n1"], inside: .ext4()),
      .unreadable(.esvol(uuid: Sample.fresh.luks), above: ["nvme1n1"], "an error"),
      .other("a linear mapping"),
    ]
    for mapping in mappings {
      let refusal = try refusal(.recorded, .finished.with { $0.mapping = mapping })
      #expect(refusal.description.contains("'/dev/mapper/esvol' exists already"))
      _ = try refusalOfABlankDisk(beside: mapping)
    }
  }

  @Test func aMappingWhoseDiskIsGoneIsTakenDownByName() throws {
    let mappings: [(MappingFacts, String)] = [
      (.encrypted(.esvol(), above: [], inside: .ext4()), "is left over from a disk that is gone"),
      (.unreadable(.esvol(), above: ["nvme1n1"], "an error"), "cannot be read: an error"),
    ]
    for (mapping, words) in mappings {
      let refusal = try refusal(.recorded, .finished.with { $0.mapping = mapping })
      #expect(refusal.description.contains(words))
      #expect(refusal.advice.contains("esvault lock esvol"))
    }
  }

  /// A blank disk cannot take a name that is in use, whatever uses it.
  @Test func anUnfinishedMappingIsInTheWayOnlyIfItIsAnothers() throws {
    let own = Facts.rebooted.with { $0.mapping = .unfinished(uuid: Sample.earlier.luks) }
    #expect(try opening(own).steps == opening(.rebooted).steps)
    let other = MappingFacts.unfinished(uuid: Sample.fresh.luks)
    let refusal = try #require(throws: Refusal.self) {
      try opening(own.with { $0.mapping = other })
    }
    #expect(refusal.description.contains("'/dev/mapper/esvol' exists already: an opening"))
    #expect(refusal.advice.hasSuffix("dmsetup remove esvol"))
    let foreign = MappingFacts.unfinished(uuid: "33333333-7d0e-4f0e-9c1b-0d6f2a9b1c11")
    #expect(try refusalOfABlankDisk(beside: foreign).description.contains("exists already"))
  }

  private func opening(_ facts: Facts) throws -> Plan { try Plan.unlocking(.recorded, facts) }

  private func refusalOfABlankDisk(beside mapping: MappingFacts) throws -> Refusal {
    try refusal(.generating, .healthy.with { $0.mapping = mapping })
  }

  @Test func aMappingWithAnotherCipherIsRefused() throws {
    let changes: [(inout Mapping) -> Void] = [
      { $0.cipher = "cipher_null-ecb" }, { $0.keyBits = 256 }, { $0.dataOffset = 0 },
    ]
    for change in changes {
      var mapping = Mapping.esvol()
      change(&mapping)
      let facts = Facts.finished.with {
        $0.mapping = .encrypted(mapping, above: ["nvme1n1"], inside: .ext4())
      }
      #expect(try refusal(.recorded, facts).description.contains("not as the volume must be"))
    }
  }
}

extension String {
  func replacing(_ old: String, with new: String) -> String {
    guard let range = firstRange(of: old) else { fatalError("'\(old)' is not in the sample") }
    return replacingCharacters(in: range, with: new)
  }

  private func firstRange(of part: String) -> Range<Index>? {
    indices.first { self[$0...].hasPrefix(part) }.map {
      $0..<index($0, offsetBy: part.count)
    }
  }

  private func replacingCharacters(in range: Range<Index>, with new: String) -> String {
    self[..<range.lowerBound] + new + self[range.upperBound...]
  }
}
