import Foundation
import SystemPackage

@testable import LUKS

/// A temporary file that plays the disk; it goes away with the last use.
final class Image {
  static let bytes = 32 << 20
  static let uuid = "3f0c5a52-7d0e-4f0e-9c1b-0d6f2a9b1c11"
  let path: String

  init(bytes: Int = Image.bytes) throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("esvault-luks-\(UUID().uuidString)").path
    try Data().write(to: URL(fileURLWithPath: path))
    try truncate(to: bytes)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func truncate(to bytes: Int) throws {
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    try file.truncate(atOffset: UInt64(bytes))
    try file.close()
  }

  func write(_ bytes: [UInt8], at offset: Int) throws {
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    try file.seek(toOffset: UInt64(offset))
    try file.write(contentsOf: Data(bytes))
    try file.close()
  }

  var contents: Data { get throws { try Data(contentsOf: URL(fileURLWithPath: path)) } }

  /// An image with a LUKS2 header and, with a key, one keyslot.
  static func formatted(
    key: String? = nil, sectorSize: Int = 512, derivation: KeyDerivation = .pbkdf2Minimum
  ) throws -> Image {
    let image = try Image()
    var device = try LUKSDevice.open(image.path)
    try device.format(
      HeaderFormat(uuid: uuid, label: "esvault:test", sectorSize: sectorSize))
    if let key { _ = try device.addKeyslot(secret(key), derivation: derivation) }
    return image
  }

  func loaded() throws -> LUKSDevice {
    var device = try LUKSDevice.open(path)
    try device.load()
    return device
  }

  func header() throws -> Header? { try Header.read(from: path) }
}

func secret(_ text: String) throws -> Secret {
  let bytes = Array(text.utf8)
  return try Secret.copying(bytes.span.bytes)
}

/// Runs a program, and fails the test where it is missing or fails.
func run(_ program: String, _ arguments: [String]) throws {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: program)
  process.arguments = arguments
  process.standardOutput = FileHandle.nullDevice
  process.standardError = FileHandle.nullDevice
  try process.run()
  process.waitUntilExit()
  guard process.terminationStatus == 0 else {
    throw CocoaError(.executableLoad, userInfo: ["program": program])
  }
}
