import Foundation

@testable import BlockDevices

/// A temporary folder that vanishes with its owner.
final class Scratch {
  let path = NSTemporaryDirectory() + "esvault-blk-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Makes a sparse file of zeros.
  func image(_ mebibytes: UInt64) throws -> Image {
    let image = Image(path: "\(path)/\(UUID().uuidString).img")
    try Data().write(to: URL(fileURLWithPath: image.path))
    try image.handle { try $0.truncate(atOffset: mebibytes << 20) }
    return image
  }
}

struct Image {
  let path: String

  func handle<T>(_ body: (FileHandle) throws -> T) throws -> T {
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    defer { try? handle.close() }
    return try body(handle)
  }

  func fill(_ range: Range<UInt64>, with byte: UInt8) throws {
    try handle {
      try $0.seek(toOffset: range.lowerBound)
      try $0.write(contentsOf: Data(repeating: byte, count: range.count))
    }
  }

  /// Runs a program whose last argument is the image, unless `path` stands elsewhere.
  func run(_ program: String, _ arguments: String..., input: String = "") throws {
    let folders = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"]
    guard let folder = folders.first(where: { access("\($0)/\(program)", X_OK) == 0 }) else {
      throw Missing(program: program)
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "\(folder)/\(program)")
    process.arguments = arguments + [path]
    let pipe = Pipe()
    process.standardInput = pipe
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    try pipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try pipe.fileHandleForWriting.close()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failed(program: program, status: process.terminationStatus)
    }
  }

  struct Missing: Error { let program: String }
  struct Failed: Error {
    let program: String
    let status: Int32
  }
}

/// Always gives the same number; one with small or round lower bits makes `random(in:)`, which
/// rejects what would be unfair, ask for ever.
struct Constant: RandomNumberGenerator {
  let value: UInt64
  mutating func next() -> UInt64 { value }
}
