import Testing

@testable import LUKS

@Suite struct CryptTargetTests {
  private func target(_ parameters: String, targets: [String] = ["crypt"]) -> CryptTarget? {
    CryptTarget(MappingTable(uuid: "", targets: targets, parameters: parameters))
  }

  @Test func aKeyInTheKeyringIsMeasuredByItsName() throws {
    let crypt = try #require(
      target(
        "aes-xts-plain64 :64:logon:cryptsetup:3f0c5a52-d0 0 259:0 32768 1 sector_size:4096"))
    #expect(crypt.cipher == "aes-xts-plain64")
    #expect(crypt.keyBits == 512)
    #expect(crypt.device == "259:0")
    #expect(crypt.offset == 16 << 20)
    #expect(crypt.sectorSize == 4096)
  }

  @Test func aKeyInTheTableIsMeasuredByItsDigits() throws {
    let key = String(repeating: "ab", count: 32)
    let crypt = try #require(target("aes-xts-plain64 \(key) 0 8:16 4096"))
    #expect(crypt.keyBits == 256)
    #expect(crypt.sectorSize == 512)
  }

  @Test func theNullCipherHasNoKey() throws {
    #expect(try #require(target("cipher_null-ecb - 0 259:0 32768")).keyBits == 0)
  }

  @Test(arguments: [
    "", "aes", "aes-xts-plain64 :x: 0 259:0 32768", "aes-xts-plain64 ab 0 259:0 far",
    // Bytes that no number holds.
    "aes-xts-plain64 ab 0 259:0 36028797018963968",
    "aes-xts-plain64 :9223372036854775807:logon:k 0 259:0 32768",
    "aes-xts-plain64 ab 0 259:0 32768 1 sector_size:0",
    "aes-xts-plain64 ab 0 259:0 32768 1 sector_size:much",
  ])
  func aTableThatIsNotUnderstoodIsNoTarget(parameters: String) {
    #expect(target(parameters) == nil)
  }

  /// The answer of device-mapper as linux/dm-ioctl.h lays it out: with one target, behind 312 bytes.
  @Test(arguments: [
    ("crypt", "aes-xts-plain64 c0ffee 0 8:16 4096", "aes-xts-plain64 000000 0 8:16 4096"),
    ("crypt", "aes-xts-plain64 c0ffee", "aes-xts-plain64 000000"),
    ("crypt", "cipher_null-ecb - 0 8:16 4096", "cipher_null-ecb - 0 8:16 4096"),
    ("crypt", "aes :32:logon:k 0 8:16 1", "aes :32:logon:k 0 8:16 1"),
    ("linear", "8:16 2048", "8:16 2048"),
  ])
  func noCopyIsMadeOfAKey(kind: String, parameters: String, read: String) {
    let answer = UnsafeMutableRawBufferPointer.allocate(byteCount: 512, alignment: 8)
    defer { answer.deallocate() }
    answer.initializeMemory(as: UInt8.self, repeating: 0)
    answer.storeBytes(of: 312, toByteOffset: 16, as: UInt32.self)
    answer.storeBytes(of: 1, toByteOffset: 20, as: UInt32.self)
    answer[(312 + 24)...].copyBytes(from: kind.utf8)
    answer[(312 + 40)...].copyBytes(from: parameters.utf8)
    #expect(MappingTable(answer: answer).parameters == read)
  }

  @Test(arguments: [[], ["linear"], ["crypt", "crypt"], ["crypt", "error"]])
  func onlyASingleCryptTargetCounts(targets: [String]) {
    #expect(target("aes-xts-plain64 ab 0 259:0 32768", targets: targets) == nil)
  }
}
