import Foundation
import Testing

@testable import BlockDevices

struct UnreadableTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  @Test func aDirectoryIsUnknown() {
    #expect(
      Contents.probe(scratch.path)
        == .unknown("could not use '\(scratch.path)': neither a disk nor a regular file"))
  }

  @Test func aPipeIsUnknownAndDoesNotBlock() {
    let path = scratch.path + "/pipe"
    #expect(mkfifo(path, 0o600) == 0)
    #expect(
      Contents.probe(path) == .unknown("could not use '\(path)': neither a disk nor a regular file")
    )
  }

  @Test func whatDoesNotExistIsUnknown() {
    #expect(
      Contents.probe("/nonexistent")
        == .unknown("could not open '/nonexistent': No such file or directory"))
    #expect(throws: BlockDeviceError.failed(verb: "open", object: "/nonexistent", errno: ENOENT)) {
      try Contents.signature(at: "/nonexistent")
    }
  }

  @Test func anEmptyDeviceIsUnknown() throws {
    let image = try scratch.image(0)
    #expect(Contents.probe(image.path) == .unknown("the device is empty (0 bytes)"))
  }

  @Test func aReadThatEndsEarlyIsAnError() throws {
    let image = try scratch.image(1)
    let file = try OpenFile.reading(image.path)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 8192, alignment: 4096)
    defer { buffer.deallocate() }
    try file.read(buffer, at: (1 << 20) - 8192)
    do {
      try file.read(buffer, at: (1 << 20) - 4096)
      Issue.record("a short read passed")
    } catch {
      #expect("\(error)" == "could not read all of '\(image.path)': No data available")
    }
  }

  @Test func onlyBlockDevicesCanBeInUse() throws {
    #expect(isInUse(try scratch.image(1).path) == nil)
    #expect(isInUse("/nonexistent") == nil)
  }
}
