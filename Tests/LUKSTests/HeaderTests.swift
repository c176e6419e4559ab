import Foundation
import Testing

@testable import LUKS

extension LUKSTests {
  @Suite struct HeaderTests {
    @Test(arguments: [512, 4096])
    func whatWasFormattedIsWhatTheHeaderSays(sectorSize: Int) throws {
      let image = try Image.formatted(key: "key", sectorSize: sectorSize)
      let header = try #require(try image.header())
      #expect(header.version == 2)
      #expect(header.uuid == Image.uuid)
      #expect(header.label == "esvault:test")
      #expect(header.subsystem == "esvault")
      #expect(header.cipher == "aes-xts-plain64")
      #expect(header.keyBits == 512)
      #expect(header.sectorSize == sectorSize)
      #expect(header.dataOffset == 16 << 20)
      #expect(header.tokens.isEmpty)
      #expect(header.requirements.isEmpty)
      #expect(header.damagedCopies == 0)
      #expect(
        header.keyslots == [
          Keyslot(id: 0, kdf: "pbkdf2", hash: "sha512", iterations: 1000, memoryKiB: nil)
        ])
      #expect(try image.loaded().header() == header)
    }

    @Test func aHeaderWithoutKeyslotsIsAHeader() throws {
      #expect(try Image.formatted().header()?.keyslots == [])
    }

    @Test func blankNoiseAndOtherFilesystemsHaveNoHeader() throws {
      #expect(try Image(bytes: 0).header() == nil)
      #expect(try Image(bytes: 100).header() == nil)
      #expect(try Image().header() == nil)
      let noise = try Image()
      try noise.write((0..<(9 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 197 ^ $0 >> 9) }, at: 0)
      #expect(try noise.header() == nil)
      let ext4 = try Image()
      try run("/usr/sbin/mke2fs", ["-q", "-F", "-t", "ext4", ext4.path])
      #expect(try ext4.header() == nil)
    }

    @Test func aForeignLUKS1VolumeIsRecognised() throws {
      let image = try Image()
      let key = try Image(bytes: 0)
      try key.write(Array("foreign".utf8), at: 0)
      try run(
        "/usr/sbin/cryptsetup",
        [
          "luksFormat", "-q", "--type", "luks1", "--pbkdf-force-iterations", "1000",
          "--cipher", "aes-xts-plain64", "--key-size", "256", image.path, key.path,
        ])
      let header = try #require(try image.header())
      #expect(header.version == 1)
      #expect(header.keyBits == 256)
      #expect(header.cipher == "aes-xts-plain64")
      #expect(header.keyslots.map(\.kdf) == ["pbkdf2"])
      #expect(header.label.isEmpty && header.tokens.isEmpty)
      var device = try image.loaded()
      #expect(try device.check(secret("foreign")) == 0)
    }

    @Test(arguments: [0, 4096, 16384, 16384 + 4096])
    func aDamagedCopyIsReportedAndTheDiskIsNotTouched(offset: Int) throws {
      let image = try Image.formatted(key: "key")
      try image.write(Array(repeating: 0x5A, count: 64), at: offset)
      let before = try image.contents
      let header = try #require(try image.header())
      #expect(header.damagedCopies == 1)
      #expect(header.uuid == Image.uuid)
      #expect(try image.contents == before)
      // The contrast: loading does write to the disk, which is why looking must not.
      _ = try image.loaded()
      #expect(try image.contents != before)
      #expect(try image.header()?.damagedCopies == 0)
    }

    /// Magic bytes, version and size of the first copy, then magic bytes of the second.
    @Test(arguments: [(0, 6), (6, 2), (8, 8), (16384, 6)])
    func aCopyThatDoesNotSayWhereTheOtherIsIsStillReported(place: (Int, Int)) throws {
      let image = try Image.formatted(key: "key")
      try image.write(Array(repeating: 0, count: place.1), at: place.0)
      let header = try #require(try image.header())
      #expect(header.damagedCopies == 1)
      #expect(header.uuid == Image.uuid)
    }

    @Test func aSizeThatIsAnotherPossibleSizeIsNotBelieved() throws {
      let image = try Image.formatted(key: "key")
      // 32 KiB instead of 16 KiB: there is no second copy at that place.
      try image.write([0, 0, 0, 0, 0, 0, 0x80, 0], at: 8)
      #expect(try #require(try image.header()).damagedCopies == 1)
    }

    @Test(arguments: ["32k", "4096k"])
    func aHeaderOfAnotherSizeIsReadWhole(size: String) throws {
      let image = try Image()
      let key = try Image(bytes: 0)
      try key.write(Array("foreign".utf8), at: 0)
      try run(
        "/usr/sbin/cryptsetup",
        [
          "luksFormat", "-q", "--type", "luks2", "--pbkdf", "pbkdf2", "--pbkdf-force-iterations",
          "1000", "--luks2-metadata-size", size, "--uuid", Image.uuid, image.path, key.path,
        ])
      #expect(try image.header()?.damagedCopies == 0)
      try image.write(Array(repeating: 0x5A, count: 64), at: 4096)
      let header = try #require(try image.header())
      #expect(header.damagedCopies == 1 && header.uuid == Image.uuid)
    }

    @Test func twoDamagedCopiesAreAnErrorAndNeverBlank() throws {
      let image = try Image.formatted(key: "key")
      try image.write(Array(repeating: 0x5A, count: 64), at: 4096)
      try image.write(Array(repeating: 0x5A, count: 64), at: 16384 + 4096)
      expectUnreadable(image)
    }

    @Test(arguments: [6, 512, 4096, 16384])
    func aTruncatedHeaderIsAnErrorAndNeverBlank(bytes: Int) throws {
      let image = try Image.formatted(key: "key")
      try image.truncate(to: bytes)
      expectUnreadable(image)
    }

    @Test func aFilesystemOverAnOldVolumeIsAnErrorAndNeverBlank() throws {
      let image = try Image.formatted(key: "key")
      // ext4's superblock replaces the first copy, and the second one is left behind.
      try image.write(Array(repeating: 0, count: 4096), at: 0)
      try image.write([0x53, 0xEF], at: 1024 + 0x38)
      let before = try image.contents
      expectUnreadable(image)
      #expect(try image.contents == before)
    }

    @Test func whatCannotBeReadIsAnErrorAndNeverBlank() throws {
      #expect {
        try Header.read(from: "/nonexistent/disk")
      } throws: { error in
        "\(error)"
          == "could not read the header of '/nonexistent/disk': No such file or directory"
      }
      #expect(throws: LUKSError.self) { try Header.read(from: "/tmp") }
      #expect(throws: LUKSError.self) { try Header.read(from: "/proc/self/mem") }
    }

    private func expectUnreadable(_ image: Image) {
      #expect {
        try image.header()
      } throws: { error in
        guard case .unreadableHeader(image.path, _)? = error as? LUKSError else { return false }
        return "\(error)".hasPrefix("could not read the header of '\(image.path)': it is damaged")
      }
    }
  }
}
