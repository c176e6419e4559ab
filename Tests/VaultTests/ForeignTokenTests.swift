import Testing

@testable import Vault

/// Whoever can write the disk can write a token.
@Suite struct ForeignTokenTests {
  @Test(arguments: ["", "random", "clear", "-F", "9d3b1c52-1f0e-4a0e-8c1b-0d6f2a9b1c2g"])
  func aFilesystemThatIsNoUUIDIsNotBelieved(_ filesystem: String) {
    let token = VolumeToken.esvol(.formatted).with { $0.filesystem = filesystem }
    #expect(throws: VolumeTokenError.invalid("its filesystem is not a UUID")) {
      try VolumeToken.decode(token.json())
    }
  }
}
