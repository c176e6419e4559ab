import BlockDevices
import LUKS
import Testing

@testable import Vault

/// The checks of images, on made-up facts.
@Suite struct AuditImageTests {
  private static let size: UInt64 = 64 << 30

  private func audit(_ kind: ImageFacts.Kind, _ sampling: ImageFacts.Sampling) -> Audit {
    let image = ImageFacts(
      path: "/backup/a.img", bytes: Self.size, kind: kind, sampling: sampling)
    return Audit(AuditFacts(images: [image]), checks: Check.ofImages)
  }

  /// A finding of one check, in the house style.
  private func finding(
    _ check: String, _ kind: ImageFacts.Kind, _ sampling: ImageFacts.Sampling = .taken(.of()),
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Observation {
    let finding = try #require(
      audit(kind, sampling).findings.first { $0.check == check }, sourceLocation: sourceLocation)
    let seen = finding.observation
    #expect(seen.subject == "/backup/a.img", sourceLocation: sourceLocation)
    #expect(!seen.message.hasSuffix("."), sourceLocation: sourceLocation)
    #expect((seen.advice == nil) == (seen.verdict == .pass), sourceLocation: sourceLocation)
    if let advice = seen.advice { #expect(isAdvice(advice), sourceLocation: sourceLocation) }
    return seen
  }

  private static func luks(_ change: (inout Header) -> Void = { _ in }) -> ImageFacts.Kind {
    var header = Header.ours()
    header.metadata = #"{"segments":{"0":{"type":"crypt","offset":"16777216","size":"dynamic"}}}"#
    change(&header)
    return .luks(header)
  }

  @Test func aContainerWithACipherIsEncrypted() throws {
    let seen = try finding("image-encrypted", Self.luks())
    #expect(seen.verdict == .pass)
    #expect(seen.message.contains("LUKS2 container: aes-xts-plain64, 512-bit key"))
    #expect(seen.evidence.contains("keyslot 0: pbkdf2, 1000 iterations"))
    #expect(audit(Self.luks(), .taken(.of(random: 900, empty: 100))).verdict == .pass)
  }

  @Test func aLUKS1ContainerHasNoSegmentsAndIsEncrypted() throws {
    let old = Self.luks { ($0.version, $0.metadata) = (1, "") }
    #expect(try finding("image-encrypted", old).verdict == .pass)
  }

  @Test func aHeaderThatEncryptsNothingFails() throws {
    let null = Self.luks { $0.cipher = "cipher_null-ecb" }
    #expect(try finding("image-encrypted", null).verdict == .fail)
  }

  @Test(arguments: [
    "CIPHER_NULL-ecb", "capi:ecb(cipher_null)-plain", "aes,Cipher_Null-xts-plain64",
  ])
  func theNullCipherFailsHoweverItIsWritten(_ cipher: String) throws {
    #expect(try finding("image-encrypted", Self.luks { $0.cipher = cipher }).verdict == .fail)
  }

  @Test(arguments: [
    ("foo-bar-plain", 512), ("aes-ecb", 256), ("capi:xts(aes)-plain64", 512), ("aes-", 512),
    ("aes", 512), ("xaes-xts-plain64", 512), ("aes-xts-plain64", 0),
  ])
  func whatIsNotKnownToEncryptIsUnknown(_ cipher: String, _ keyBits: Int) throws {
    let header = Self.luks { ($0.cipher, $0.keyBits) = (cipher, keyBits) }
    let seen = try finding("image-encrypted", header)
    #expect(seen.verdict == .unknown)
    #expect(seen.message.contains("\(cipher) and a \(keyBits)-bit key, which is not known"))
  }

  @Test(arguments: ["aes-cbc-essiv:sha256", "serpent-xts-plain64", "twofish-xts-plain"])
  func otherKnownCiphersEncrypt(_ cipher: String) throws {
    #expect(try finding("image-encrypted", Self.luks { $0.cipher = cipher }).verdict == .pass)
  }

  @Test(arguments: ["online-reencrypt", "offline-reencrypt"])
  func unfinishedReencryptionFails(_ requirement: String) throws {
    let unfinished = Self.luks { $0.requirements = [requirement] }
    #expect(try finding("image-encrypted", unfinished).verdict == .fail)
  }

  @Test(arguments: [
    luks { $0.requirements = ["unknown"] }, luks { $0.dataOffset = 0 },
    luks { $0.dataOffset = size }, luks { $0.metadata = "" }, luks { $0.metadata = "{" },
    luks { $0.metadata = #"{"segments":{}}"# },
    luks { $0.metadata = #"{"segments":{"0":{"type":"crypt","size":"4096"}}}"# },
    luks { $0.metadata = #"{"segments":{"0":{"type":"linear","size":"dynamic"}}}"# },
    luks {
      $0.metadata =
        #"{"segments":{"0":{"type":"crypt","size":"4096"},"1":{"type":"linear","size":"dynamic"}}}"#
    },
    .unreadable("could not read '/backup/a.img': Input/output error"),
    .other(.blank), .other(.unknown("data without a known signature at byte 0")),
    .other(.holds(Signature(type: "LVM2_member", usage: .raid))),
    .other(.holds(Signature(type: "BitLocker", usage: .crypto))),
    .other(.holds(Signature(type: "gpt", usage: .partitionTable))),
  ])
  func whatDoesNotShowThatAllIsEncryptedIsUnknown(_ kind: ImageFacts.Kind) throws {
    #expect(try finding("image-encrypted", kind).verdict == .unknown)
  }

  @Test(arguments: [
    Contents.holds(Signature(type: "ext4", usage: .filesystem)),
    .holds(Signature(type: "swap", usage: .other)),
  ])
  func aPlainFilesystemFails(_ contents: Contents) throws {
    #expect(try finding("image-encrypted", .other(contents)).verdict == .fail)
  }

  @Test(arguments: [
    Contents.blank, .unknown("data without a known signature at byte 0"),
    .holds(Signature(type: "LVM2_member", usage: .raid)),
  ])
  func plaintextWithoutAHeaderFails(_ contents: Contents) throws {
    let plain = BlockSample.of(random: 10, plaintext: ["Lucene file": 1])
    let seen = try finding("image-encrypted", .other(contents), .taken(plain))
    #expect(seen.verdict == .fail)
    #expect(seen.message.contains("1 Lucene file"))
  }

  @Test func aSampleWithoutPlaintextPassesAndSaysHowMuchThatProves() throws {
    let seen = try finding("image-sample", Self.luks(), .taken(.of(random: 600, empty: 400)))
    #expect(seen.verdict == .pass)
    #expect(
      seen.message
        == "1000 blocks of 4 KiB all over '/backup/a.img': 600 random, 400 empty, 0 in plaintext; "
        + "so less than 0.69 % of it is")
    let whole = try finding("image-sample", Self.luks(), .taken(.of(random: 6, isWhole: true)))
    #expect(
      whole.message == "all 6 blocks of 4 KiB of '/backup/a.img': 6 random, 0 empty, 0 in plaintext"
    )
  }

  @Test func whatWasNeverWrittenPassesAndIsSaid() throws {
    let seen = try finding("image-sample", Self.luks(), .taken(.of(empty: 1000)))
    #expect(seen.verdict == .pass)
    #expect(
      seen.message.hasSuffix("; so less than 0.69 % of it is, and no block read was ever written"))
    let whole = try finding("image-sample", Self.luks(), .taken(.of(empty: 6, isWhole: true)))
    #expect(whole.message.hasSuffix("0 in plaintext: nothing was ever written"))
  }

  @Test(arguments: [
    Contents.blank, .unknown("data without a known signature at byte 0"),
    .holds(Signature(type: "gpt", usage: .partitionTable)),
  ])
  func withoutAHeaderAndWithoutDataTheSampleProvesNothing(_ contents: Contents) throws {
    let empty = ImageFacts.Sampling.taken(.of(empty: 1000, isWhole: true))
    #expect(try finding("image-sample", .other(contents), empty).verdict == .unknown)
  }

  @Test(arguments: [
    (BlockSample.of(empty: 9), Verdict.pass), (.of(random: 9), .pass),
    (.of(random: 9, plaintext: ["text": 1]), .fail),
  ])
  func whatLiesOutsideOfPartitionsIsJudgedByItsPlaintextOnly(
    _ sample: BlockSample, _ verdict: Verdict
  ) {
    let gap = ImageFacts(
      path: "p.img", kind: .gap(.outsidePartitions), sampling: .taken(sample))
    let findings = Audit(AuditFacts(images: [gap]), checks: Check.ofImages).findings
    #expect(findings.map(\.check) == ["image-sample", "image-old-plaintext"])
    #expect(findings.allSatisfy { $0.observation.verdict == verdict })
    #expect(findings.allSatisfy { $0.observation.subject == "p.img, outside of its partitions" })
    #expect(findings.allSatisfy { $0.observation.advice.map(isAdvice) ?? (verdict == .pass) })
  }

  @Test(arguments: ["image-sample", "image-old-plaintext"])
  func whatWasReadInPartProvesNothingButPlaintext(_ check: String) throws {
    let why = "'/backup/a.img' ends before its partition 1 does"
    let clean = ImageFacts.Sampling.partial(.of(random: 1000), why)
    let seen = try finding(check, Self.luks(), clean)
    #expect(seen.verdict == .unknown && seen.message.hasPrefix(why))
    let plain = ImageFacts.Sampling.partial(.of(random: 9, plaintext: ["text": 1]), why)
    #expect(try finding(check, Self.luks(), plain).verdict == .fail)
  }

  @Test func aSingleBlockInPlaintextFails() throws {
    let sample = BlockSample.of(random: 999, plaintext: ["Elasticsearch translog": 1])
    let seen = try finding("image-sample", Self.luks(), .taken(sample))
    #expect(seen.verdict == .fail)
    #expect(seen.message.hasSuffix("1 in plaintext (1 Elasticsearch translog)"))
    #expect(seen.advice!.contains("skip=8 "))
  }

  @Test func blocksThatAreCompressedTogetherFail() throws {
    let compressed = BlockSample.of(random: 1000, chiSquare: 275)
    let seen = try finding("image-sample", Self.luks(), .taken(compressed))
    #expect(seen.verdict == .fail)
    #expect(seen.message.contains("compressed, not encrypted"))
  }

  @Test(arguments: ["image-sample", "image-old-plaintext"])
  func aSampleThatCouldNotBeReadIsUnknown(_ check: String) throws {
    let failed = ImageFacts.Sampling.failed("could not read '/backup/a.img': Input/output error")
    #expect(try finding(check, Self.luks(), failed).verdict == .unknown)
  }

  @Test func oldPlaintextIsEstimated() throws {
    let sample = BlockSample.of(
      random: 300, empty: 500, plaintext: ["ext4 directory": 1, "text": 199])
    let seen = try finding("image-old-plaintext", Self.luks(), .taken(sample))
    #expect(seen.verdict == .fail)
    // Clopper and Pearson for 200 of 1000 at 99.9 %, and of 64 GiB less the header.
    #expect(
      seen.message
        == "16.02 % to 24.44 % (10 GiB to 16 GiB) of the data area of '/backup/a.img' is plaintext: "
        + "199 text, 1 ext4 directory")
    let clean = try finding("image-old-plaintext", Self.luks(), .taken(.of(random: 1000)))
    #expect(clean.verdict == .pass && clean.message.contains("less than 0.69 %"))
  }

  @Test(arguments: [ImageFacts.Kind.other(.blank), .unreadable("could not read '/backup/a.img'")])
  func withoutAHeaderNobodyKnowsWhatIsOld(_ kind: ImageFacts.Kind) throws {
    let seen = try finding("image-old-plaintext", kind, .taken(.of(empty: 1000)))
    #expect(seen.verdict == .unknown)
  }

  /// The sizes are those of the header area alone, as text; libcryptsetup has checked them.
  @Test func theHeaderSaysWhereItsKeyslotsEnd() {
    let metadata = #"{"config":{"json_size":"12288","keyslots_size":"16744448"}}"#
    #expect(HeaderArea.end(in: metadata) == 16 << 20)
    #expect(HeaderArea.end(in: #"{"config":{"json_size":"-1","keyslots_size":"0"}}"#) == nil)
    #expect(HeaderArea.end(in: "") == nil)
  }

  @Test func aPartitionIsNamed() {
    let image = ImageFacts(
      path: "a.img", partition: 2, kind: .other(.blank), sampling: .taken(.of(empty: 1)))
    #expect(image.subject == "a.img, partition 2")
  }
}

extension BlockSample {
  /// A sample of 64 GiB behind a header.
  static func of(
    random: Int = 0, empty: Int = 0, plaintext: [String: Int] = [:], chiSquare: Int = 255,
    isWhole: Bool = false
  ) -> BlockSample {
    var sample = BlockSample(areas: [16 << 20..<64 << 30], isWhole: isWhole)
    for _ in 0..<random { sample.add(.random(deviation: 16 * chiSquare), trace: nil, at: 0) }
    for _ in 0..<empty { sample.add(.empty, trace: nil, at: 0) }
    for (trace, count) in plaintext {
      for _ in 0..<count { sample.add(.structured, trace: trace, at: 4096) }
    }
    return sample
  }
}
