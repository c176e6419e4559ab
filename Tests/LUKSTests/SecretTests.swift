import Foundation
import SystemPackage
import Testing

@testable import LUKS

extension LUKSTests {
  @Suite struct SecretTests {
    @Test(arguments: [1, 4095, 4096, 4097, 100_000])
    func aKeyFileIsReadWhole(bytes: Int) throws {
      let contents = (0..<bytes).map { UInt8(truncatingIfNeeded: $0 &* 31 + 10) }
      let key = try read(contents)
      #expect(key.count == bytes)
      #expect(key.withUnsafeBytes { Array($0) } == contents)
    }

    @Test func theLimitItselfIsAllowedAndOneByteMoreIsNot() throws {
      #expect(try read([UInt8](repeating: 7, count: Secret.maximumBytes)).count == 8 << 20)
      #expect(throws: LUKSError.secretTooLong("key file")) {
        _ = try read([UInt8](repeating: 7, count: Secret.maximumBytes + 1))
      }
      #expect(try read([1, 2, 3], limit: 3).count == 3)
      #expect(throws: LUKSError.secretTooLong("key file")) {
        _ = try read([1, 2, 3, 4], limit: 3)
      }
    }

    @Test func anEmptyKeyIsNoKey() {
      #expect(throws: LUKSError.secretEmpty("key file")) { _ = try read([]) }
      #expect(throws: LUKSError.secretEmpty("key")) { _ = try secret("") }
    }

    @Test func aDirectoryIsNoKeyFile() throws {
      let directory = try FileDescriptor.open("/tmp", .readOnly)
      defer { try? directory.close() }
      #expect(throws: LUKSError.failed(operation: "read", object: "d", errno: EISDIR, log: "")) {
        _ = try Secret.read(from: directory, named: "d")
      }
    }

    @Test func equalityLooksAtEveryByte() throws {
      let key = try secret("abc")
      #expect(key.equals(try secret("abc")))
      for other in ["abd", "bbc", "ab", "abcd", "abc\0"] {
        #expect(key.equals(try secret(other)) == false)
      }
    }

    @Test func randomKeysHaveTheirSizeAndDiffer() throws {
      let key = try Secret.random(bits: 512)
      #expect(key.count == 64)
      #expect(key.equals(try Secret.random(bits: 512)) == false)
    }

    private func read(_ bytes: [UInt8], limit: Int = Secret.maximumBytes) throws -> Secret {
      let file = try Image(bytes: 0)
      try file.write(bytes, at: 0)
      let descriptor = try FileDescriptor.open(file.path, .readOnly)
      defer { try? descriptor.close() }
      return try Secret.read(from: descriptor, named: "key file", limit: limit)
    }
  }
}
