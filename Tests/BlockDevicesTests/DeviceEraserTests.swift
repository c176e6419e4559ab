import Testing

@testable import BlockDevices

@Suite struct DeviceEraserTests {
  private func hasErased(_ image: Image, _ mebibytes: UInt64) throws -> Bool {
    try DeviceEraser(path: image.path, bytes: mebibytes << 20).hasErased()
  }

  @Test func anEmptyHeadAndTailAreErased() throws {
    let scratch = try Scratch()
    let image = try scratch.image(64)
    try image.fill(40 << 20..<41 << 20, with: 0x5A)
    let erased = try hasErased(image, 64)
    #expect(erased, "old data behind the places of signatures is not asked for")
  }

  @Test(arguments: [0, (32 << 20) - 1, (64 << 20) - 1] as [UInt64])
  func oneByteInHeadOrTailIsNotErased(offset: UInt64) throws {
    let scratch = try Scratch()
    let image = try scratch.image(64)
    try image.fill(offset..<offset + 1, with: 1)
    let erased = try hasErased(image, 64)
    #expect(!erased)
  }

  @Test func aSmallDeviceIsReadWhole() throws {
    let scratch = try Scratch()
    let image = try scratch.image(1)
    let erased = try hasErased(image, 1)
    #expect(erased)
  }
}
