import Foundation

@testable import BlockDevices

/// A made-up /sys and /dev, where a file with the number stands for a device node.
final class FixtureTree {
  let scratch: Scratch
  let root: String

  init() throws {
    scratch = try Scratch()
    root = KernelTree.resolve(scratch.path)!
    for folder in ["sys/block", "sys/dev/block", "sys/devices", "dev/disk/by-id", "dev/mapper"] {
      try FileManager.default.createDirectory(
        atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
    }
  }

  /// Files on "disk 8:1" begin with /data; everything else is out of sight.
  var devices: BlockDevices {
    BlockDevices(
      sysfs: "\(root)/sys", dev: "\(root)/dev",
      files: DeviceFiles(
        node: { path throws(BlockDeviceError) in
          guard let bytes = try? KernelTree.contents(of: path) else { throw .noSuchDevice(path) }
          guard let number = DeviceNumber(String(decoding: bytes, as: UTF8.self)) else {
            throw .notABlockDevice(path)
          }
          return number
        },
        home: { path in
          if path.hasPrefix("/data") { return DeviceNumber(major: 8, minor: 1) }
          return path.hasPrefix("/tmp") ? DeviceNumber(major: 0, minor: 40) : nil
        }))
  }

  /// Adds a disk, or with "sda/sda1" a partition, and files below its folder.
  func add(_ device: String, _ number: String, _ files: [String: String] = [:]) throws {
    let name = String(device.split(separator: "/").last!)
    let folder = "sys/devices/\(device)"
    try write("\(folder)/dev", number + "\n")
    try write("\(folder)/size", "2048\n")
    try write("\(folder)/ro", "0\n")
    for (file, text) in files { try write("\(folder)/\(file)", text) }
    try link("sys/dev/block/\(number)", to: folder)
    if !device.contains("/") { try link("sys/block/\(name)", to: folder) }
    try write("dev/\(name)", number)
  }

  /// Says that `holder` is built upon `device`.
  func stack(_ holder: String, on device: String) throws {
    let name = String(device.split(separator: "/").last!)
    try link("sys/devices/\(holder)/slaves/\(name)", to: "sys/devices/\(device)")
    try link("sys/devices/\(device)/holders/\(holder)", to: "sys/devices/\(holder)")
  }

  func link(_ path: String, to target: String) throws {
    try makeFolder(of: path)
    try FileManager.default.createSymbolicLink(
      atPath: "\(root)/\(path)", withDestinationPath: "\(root)/\(target)")
  }

  func write(_ path: String, _ text: String) throws {
    try write(path, bytes: Array(text.utf8))
  }

  func write(_ path: String, bytes: [UInt8]) throws {
    try makeFolder(of: path)
    try Data(bytes).write(to: URL(fileURLWithPath: "\(root)/\(path)"))
  }

  private func makeFolder(of path: String) throws {
    try FileManager.default.createDirectory(
      atPath: ("\(root)/\(path)" as NSString).deletingLastPathComponent,
      withIntermediateDirectories: true)
  }
}
