import Testing

@testable import LUKS

extension LUKSTests {
  @Suite struct KeyslotTests {
    @Test func theRightKeyNamesItsKeyslot() throws {
      let image = try Image.formatted(key: "right")
      var device = try image.loaded()
      #expect(try device.check(secret("right")) == 0)
    }

    @Test func aWrongKeyIsAWrongKey() throws {
      let image = try Image.formatted(key: "right")
      var device = try image.loaded()
      do {
        _ = try device.check(secret("wrong"))
        Issue.record("a wrong key was accepted")
      } catch let error as LUKSError {
        #expect(error == .wrongKey(device: image.path))
        #expect("\(error)" == "could not open '\(image.path)': no keyslot matches this key")
      }
    }

    @Test func everyByteOfAKeyCounts() throws {
      let key = "a\0b\nc\n"
      let image = try Image.formatted(key: key)
      var device = try image.loaded()
      #expect(try device.check(secret(key)) == 0)
      // Not among them: a key with NUL bytes appended. HMAC pads with NUL bytes (RFC 2104), so to
      // PBKDF2 that is the same key.
      for other in ["a", "a\0b\nc", "a\0b\nc\n\n", "a\0b", "ab\nc\n"] {
        #expect(accepts(&device, other) == false, "\(other.debugDescription)")
      }
    }

    @Test func aSecondKeyGetsItsOwnKeyslot() throws {
      let image = try Image()
      var device = try LUKSDevice.open(image.path)
      try device.format(HeaderFormat(uuid: Image.uuid, label: "", sectorSize: 512))
      #expect(try device.addKeyslot(secret("one"), derivation: .pbkdf2Minimum) == 0)
      #expect(try device.addKeyslot(secret("two"), derivation: .pbkdf2Minimum) == 1)
      #expect(try device.check(secret("two")) == 1)
    }

    @Test func argon2idHonoursTheMemoryCap() throws {
      let cap = 64 << 10
      let image = try Image.formatted(
        key: "key", derivation: .argon2id(maximumMemoryKiB: cap, milliseconds: 100))
      let keyslot = try #require(try image.header()?.keyslots.first)
      #expect(keyslot.kdf == "argon2id")
      let memory = try #require(keyslot.memoryKiB)
      #expect(memory > 32 && memory <= cap)
      var device = try image.loaded()
      #expect(try device.check(secret("key")) == 0)
    }

    @Test func addingAKeyslotNeedsTheVolumeKey() throws {
      let image = try Image.formatted(key: "key")
      var device = try image.loaded()
      do {
        _ = try device.addKeyslot(secret("other"), derivation: .pbkdf2Minimum)
        Issue.record("a keyslot was added without the volume key")
      } catch let error as LUKSError {
        #expect("\(error)".hasPrefix("could not add a keyslot to '\(image.path)'"))
      }
    }

    @Test func whatIsNotLUKSCannotBeLoadedAndSaysWhy() throws {
      let image = try Image()
      #expect {
        _ = try image.loaded()
      } throws: { error in
        "\(error)".hasPrefix("could not load the header of '\(image.path)': Invalid argument")
      }
    }

    @Test func aRefusalCarriesTheReasonOfTheLibrary() throws {
      let image = try Image()
      var device = try LUKSDevice.open(image.path)
      do {
        try device.format(
          HeaderFormat(uuid: "not a uuid", label: "", sectorSize: 512))
        Issue.record("a broken UUID was accepted")
      } catch {
        guard case .failed("format", image.path, _, let log) = error else {
          Issue.record("\(error)")
          return
        }
        #expect(log.contains("UUID"))
      }
    }

    private func accepts(_ device: inout LUKSDevice, _ key: String) -> Bool {
      do { return try device.check(secret(key)) >= 0 } catch { return false }
    }
  }
}
