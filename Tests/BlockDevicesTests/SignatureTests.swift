import Foundation
import Testing

@testable import BlockDevices

struct SignatureTests {
  static let uuid = "6a1f0c7e-9d36-4c8f-8a55-0f4d5a1c2b3e"
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  @Test func ext4IsRecognisedWithLabelAndUUID() throws {
    let image = try ext4(64)
    let signature = Signature(type: "ext4", usage: .filesystem, label: "data", uuid: Self.uuid)
    #expect(Contents.probe(image.path) == .holds(signature))
    #expect(try Contents.signature(at: image.path) == signature)
    #expect("\(signature)" == "ext4 filesystem 'data' (UUID \(Self.uuid))")
  }

  @Test func swapXFSAndFATAreRecognised() throws {
    let swap = try scratch.image(64)
    try swap.run("mkswap", "-U", Self.uuid)
    #expect(Contents.probe(swap.path).type == "swap")
    let xfs = try scratch.image(512)
    try xfs.run("mkfs.xfs", "-q")
    #expect(Contents.probe(xfs.path).type == "xfs")
    let fat = try scratch.image(64)
    try fat.run("mkfs.vfat")
    #expect(Contents.probe(fat.path).type == "vfat")
  }

  @Test(arguments: ["gpt", "dos"]) func partitionTablesAreRecognised(type: String) throws {
    let image = try scratch.image(64)
    try image.run("sfdisk", "-q", input: "label: \(type)\n,\n")
    let contents = Contents.probe(image.path)
    #expect(contents.type == type)
    #expect("\(contents)".hasPrefix("\(type) partition table"))
  }

  @Test(arguments: ["luks1", "luks2"]) func luksIsRecognised(type: String) throws {
    let image = try scratch.image(32)
    try luksFormat(image, type)
    #expect(
      Contents.probe(image.path)
        == .holds(Signature(type: "crypto_LUKS", usage: .crypto, uuid: Self.uuid)))
  }

  @Test func anLVMMemberIsRecognised() throws {
    // pvcreate wants a block device; a label is enough to be one (lib/format_text/layout.h).
    let image = try scratch.image(64)
    try image.handle {
      try $0.seek(toOffset: 512)
      var label = Data("LABELONE".utf8) + Data([1, 0, 0, 0, 0, 0, 0, 0])
      label += Data(repeating: 0, count: 4) + Data([32, 0, 0, 0]) + Data("LVM2 001".utf8)
      label += Data("abcdefghijklmnopqrstuvwxyz012345".utf8)
      label += Data(repeating: 0, count: 512 - label.count)
      var crc: UInt32 = 0xF597_A6CF
      for byte in label[20...] {
        crc ^= UInt32(byte)
        for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
      }
      withUnsafeBytes(of: crc.littleEndian) { label.replaceSubrange(16..<20, with: $0) }
      try $0.write(contentsOf: label)
    }
    #expect(Contents.probe(image.path).type == "LVM2_member")
  }

  @Test(arguments: [4 << 10, 1 << 20, 64 << 20] as [UInt64])
  func ext4WithoutItsBeginningIsUnknown(zeroed: UInt64) throws {
    let image = try ext4(300)
    try image.fill(0..<zeroed, with: 0)
    var generator = Constant(value: 1 << 20)
    let contents = Contents.probe(image.path, using: &generator)
    guard case .unknown(let reason) = contents else {
      Issue.record("\(contents)")
      return
    }
    #expect(reason.hasPrefix("data without a known signature at byte "))
    if zeroed == 64 << 20 { #expect(contents == unknown(at: 32768 * 4096)) }
  }

  @Test func severalSignaturesAreUnknownAndNamed() throws {
    let image = try ext4(64)
    let xfs = try scratch.image(512)
    try xfs.run("mkfs.xfs", "-q")
    let first = try #require(try xfs.handle { try $0.read(upToCount: 512) })
    // XFS begins at byte 0 and ext4 at byte 1024: both are complete.
    try image.handle { try $0.write(contentsOf: first) }
    #expect(Contents.probe(image.path) == .unknown("several signatures: xfs, ext4"))
    #expect(throws: BlockDeviceError.ambivalent(image.path, types: ["xfs", "ext4"])) {
      try Contents.signature(at: image.path)
    }
  }

  @Test func noiseInsideAVolumeHasNoSignature() throws {
    let image = try scratch.image(8)
    try image.fill(0..<8 << 20, with: 0x5A)
    #expect(try Contents.signature(at: image.path) == nil)
  }

  @Test func probingChangesNothing() throws {
    let image = try scratch.image(32)
    try luksFormat(image, "luks2")
    // The first header copy is damaged: whoever repairs it is caught.
    try image.fill(200..<210, with: 0x5A)
    let before = try Data(contentsOf: URL(fileURLWithPath: image.path))
    _ = Contents.probe(image.path)
    _ = try? Contents.signature(at: image.path)
    #expect(try Data(contentsOf: URL(fileURLWithPath: image.path)) == before)
  }

  private func ext4(_ size: UInt64) throws -> Image {
    let image = try scratch.image(size)
    try image.run("mke2fs", "-q", "-F", "-t", "ext4", "-b", "4096", "-L", "data", "-U", Self.uuid)
    return image
  }

  private func luksFormat(_ image: Image, _ type: String) throws {
    try image.run(
      "cryptsetup", "luksFormat", "-q", "--type", type, "--pbkdf", "pbkdf2",
      "--pbkdf-force-iterations", "1000", "--uuid", Self.uuid, "--key-file", "-", input: "test")
  }
}

extension Contents {
  var type: String? { if case .holds(let signature) = self { signature.type } else { nil } }
}
