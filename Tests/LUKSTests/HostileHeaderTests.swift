import Foundation
import Testing

@testable import LUKS

extension LUKSTests {
  /// Headers from disks that somebody else has written: whatever they say, reading them ends, changes
  /// nothing, and never takes damage for a sound header.
  @Suite struct HostileHeaderTests {
    /// Both copies of the metadata: 4 KiB of binary fields, then JSON, 16 KiB in all (LUKS2 On-Disk Format
    /// Specification, 2.1).
    private static let copy = 16 << 10

    /// What reading has come to.
    private enum Outcome: Equatable {
      case none, unreadable
      case header(Header)
    }

    private func read(_ image: Image) throws -> Outcome {
      let before = try image.start
      let outcome = try look(at: image)
      let after = try image.start
      #expect(after == before)
      return outcome
    }

    private func look(at image: Image) throws -> Outcome {
      do {
        return try image.header().map(Outcome.header) ?? .none
      } catch LUKSError.unreadableHeader(image.path, _) {
        return .unreadable
      }
    }

    /// One byte, a run of noise, or a run of zeros, in one copy: the other one speaks.
    @Test(arguments: 0..<8) func damageInOneCopyIsReportedAndTheOtherOneCounts(seed: UInt64) throws
    {
      var random = SplitMix(state: seed)
      let image = try Image.formatted(key: "key")
      let sound = try #require(try image.header())
      let original = try image.start
      for _ in 0..<12 {
        let place = Int(random.next() % 2) * Self.copy + Int(random.next() % 6000)
        let length = [1, 4, 64, 512][Int(random.next() % 4)]
        let noise = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        try image.write(noise, at: place)
        if case .header(var header) = try read(image) {
          let isDamaged = header.damagedCopies == 1
          header.damagedCopies = 0
          #expect(header == sound, "at \(place), \(length) bytes")
          #expect(isDamaged || noise.elementsEqual(original[place..<place + length]))
        } else {
          Issue.record("the good copy was not used: at \(place), \(length) bytes")
        }
        try image.write(original, at: 0)
      }
    }

    @Test(arguments: 0..<8) func damageInBothCopiesIsNeverASoundHeader(seed: UInt64) throws {
      var random = SplitMix(state: seed &+ 100)
      let image = try Image.formatted(key: "key")
      let original = try image.start
      for _ in 0..<12 {
        for copy in 0..<2 {
          let place = copy * Self.copy + Int(random.next() % 4600)
          try image.write((0..<64).map { _ in UInt8(truncatingIfNeeded: random.next()) }, at: place)
        }
        #expect(try read(image) == .unreadable)
        try image.write(original, at: 0)
      }
    }

    @Test(arguments: 0..<4) func noiseBehindTheMagicBytesIsUnreadable(seed: UInt64) throws {
      var random = SplitMix(state: seed &+ 200)
      let image = try Image()
      for version: UInt8 in [0, 1, 2, 3, 255] {
        var bytes = Array("LUKS".utf8) + [0xBA, 0xBE, 0, version]
        bytes += (0..<(40 << 10)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        try image.write(bytes, at: 0)
        #expect(try read(image) == .unreadable, "version \(version)")
      }
    }

    /// A size that somebody else has written decides how much is read.
    @Test(arguments: [0, 1, 4096, 1 << 15, 1 << 22, 1 << 40, UInt64(Int64.max), .max])
    func aSizeThatCannotBeIsNotBelieved(size: UInt64) throws {
      let image = try Image.formatted(key: "key")
      let bytes = (0..<8).map { UInt8(truncatingIfNeeded: size >> (56 - 8 * $0)) }
      try image.write(bytes, at: 8)
      guard case .header(let header) = try read(image) else {
        Issue.record("the second copy was not found")
        return
      }
      #expect(header.damagedCopies == 1)
      try image.write(bytes, at: Self.copy + 8)
      #expect(try read(image) == .unreadable)
    }

    @Test func aHeaderThatIsCutOffAnywhereIsNeverSound() throws {
      let image = try Image.formatted(key: "key")
      let original = try image.start
      for bytes in [1, 5, 7, 8, 15, 16, 511, 4095, 4097, 16383, 20000, 32767, 32768, 1 << 20] {
        try image.truncate(to: bytes)
        let outcome = try read(image)
        #expect(outcome == (bytes < 6 ? .none : .unreadable), "\(bytes) bytes")
        try image.truncate(to: Image.bytes)
        try image.write(original, at: 0)
      }
    }

    /// JSON with right checksums, as somebody writes it who knows the format: each says something that
    /// cannot be, or that no volume of ours says.
    @Test(arguments: [
      (#""offset":"16777216""#, #""offset":"18446744073709551104""#),
      (#""offset":"16777216""#, #""offset":"-16777216""#),
      (#""offset":"16777216""#, #""offset":"17""#),
      (#""offset":"16777216""#, #""offset":"4096""#),
      (#""size":"dynamic""#, #""size":"0""#),
      (#""sector_size":512"#, #""sector_size":0"#),
      (#""sector_size":512"#, #""sector_size":1048576"#),
      (#""sector_size":512"#, #""sector_size":-512"#),
      (#""key_size":64"#, #""key_size":2147483647"#),
      (#""key_size":64"#, #""key_size":0"#),
      (#""encryption":"aes-xts-plain64""#, #""encryption":"""#),
      (#""encryption":"aes-xts-plain64""#, #""encryption":"cipher_null-ecb""#),
      (#""keyslots_size":"16744448""#, #""keyslots_size":"18446744073709551615""#),
      (#""json_size":"12288""#, #""json_size":"99999999999""#),
      (#""segments""#, #""segmentz""#),
      (#""digests":{"#, #""digests":[{"#),
      (#""tokens":{}"#, #""tokens":{"0":{"type":"esvault","keyslots":["31"]}}"#),
      (#""tokens":{}"#, #""tokens":{"0":null}"#),
    ])
    func aHeaderThatContradictsItselfIsUnreadableOrSaysWhatItIs(
      change: (String, String)
    ) throws {
      let image = try Image.formatted(key: "key")
      let sound = try #require(try image.header())
      try image.replaceJSON(change.0, with: change.1)
      if case .header(let header) = try read(image) {
        #expect(header != sound)
      }
    }

    /// What no field of a header shows is noticed when its key is tried: the trial fails, and ends.
    @Test(arguments: [
      (#""offset":"32768""#, #""offset":"36864""#), (#""iterations":1000"#, #""iterations":1001"#),
    ])
    func aKeyslotThatIsNotAsItSaysOpensNothing(change: (String, String)) throws {
      let image = try Image.formatted(key: "key")
      try image.replaceJSON(change.0, with: change.1)
      let before = try image.start
      #expect(throws: LUKSError.self) { try Header.keyslot(for: secret("key"), on: image.path) }
      let after = try image.start
      #expect(after == before)
    }

    @Test(arguments: ["{", "[]", "null", "", "\u{0}", #"{"keyslots":{}}"#])
    func metadataOfAnotherFormIsUnreadable(json: String) throws {
      let image = try Image.formatted(key: "key")
      try image.replaceJSON { _ in Array(json.utf8) }
      #expect(try read(image) == .unreadable)
    }

    @Test func metadataOfManyLevelsIsUnreadable() throws {
      let image = try Image.formatted(key: "key")
      try image.replaceJSON { _ in Array(repeating: UInt8(ascii: "["), count: 12_000) }
      #expect(try read(image) == .unreadable)
    }

    /// The key is tried on what was read: not on more than the header area, however far away a keyslot
    /// claims to be.
    @Test func aKeyIsTriedWithoutTheDiskAndAWrongOneFitsNothing() throws {
      let image = try Image.formatted(key: "key")
      let before = try image.contents
      #expect(try Header.keyslot(for: secret("key"), on: image.path) == 0)
      #expect(throws: LUKSError.wrongKey(device: image.path)) {
        try Header.keyslot(for: secret("other"), on: image.path)
      }
      #expect(try image.contents == before)
      #expect(throws: LUKSError.unreadableHeader(device: "/dev/null", log: "")) {
        try Header.keyslot(for: secret("key"), on: "/dev/null")
      }
      try image.write([0x5A], at: 4096)
      let damaged = try image.contents
      #expect(try Header.keyslot(for: secret("key"), on: image.path) == 0)
      #expect(try image.contents == damaged)
    }
  }
}

extension Image {
  /// All that reading a header may look at.
  fileprivate var start: [UInt8] {
    get throws {
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? file.close() }
      return Array(try file.read(upToCount: 64 << 10) ?? Data())
    }
  }

  /// Changes the JSON of both copies, which must have the text.
  fileprivate func replaceJSON(_ old: String, with new: String) throws {
    try replaceJSON { json in
      let text = String(decoding: json, as: UTF8.self)
      #expect(text.contains(old), "\(text)")
      return Array(text.replacing(old, with: new).utf8)
    }
  }

  /// Changes the JSON of both copies, and makes their checksums right.
  fileprivate func replaceJSON(_ change: ([UInt8]) -> [UInt8]) throws {
    for copy in [0, 16 << 10] {
      var bytes = Array(try start[copy..<copy + (16 << 10)])
      var json = change(Array(bytes[4096...].prefix { $0 != 0 }))
      json += Array(repeating: 0, count: max(12288 - json.count, 0))
      bytes.replaceSubrange(4096..., with: json.prefix(12288))
      // The checksum's own 64 bytes count as zeros.
      bytes.replaceSubrange(448..<512, with: Array(repeating: 0, count: 64))
      bytes.replaceSubrange(448..<480, with: try Self.sha256(bytes))
      try write(bytes, at: copy)
    }
  }

  private static func sha256(_ bytes: [UInt8]) throws -> [UInt8] {
    let file = try Image(bytes: 0)
    try file.write(bytes, at: 0)
    let (process, pipe) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
    process.arguments = [file.path]
    process.standardOutput = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let digits = Array(text.utf8.prefix(64))
    return stride(from: 0, to: digits.count, by: 2).compactMap {
      UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
    }
  }
}

/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators").
private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
