import Foundation

/// A raw disk in a sparse file, which a test reads behind the product's back.
public struct Image: Sendable {
  public let path: String

  /// An existing file.
  public init(path: String) { self.path = path }

  /// Makes a new sparse file of zeroes; `bytes` is its size.
  public static func sparse(_ path: String, bytes: Int) throws -> Image {
    guard FileManager.default.createFile(atPath: path, contents: nil) else {
      throw LabError(description: "could not create '\(path)'")
    }
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.truncate(atOffset: UInt64(bytes))
    try handle.close()
    return Image(path: path)
  }

  /// Runs `body` with a new sparse file of zeroes, which is gone afterwards whatever happens.
  public static func withSparse(bytes: Int, body: (Image) async throws -> Void) async throws {
    let folder = try Scratch()
    defer { folder.remove() }
    try await body(try sparse(folder.path + "/disk.raw", bytes: bytes))
  }

  /// Adds zeroes at the end, as a cloud does that makes a disk larger.
  public func enlarge(to bytes: Int) throws {
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.truncate(atOffset: UInt64(bytes))
    try handle.close()
  }

  /// The SHA-256 of the whole file, as 64 hexadecimal digits.
  public func sha256() throws -> String {
    let output = try Output(of: "/usr/bin/sha256sum", [path])
    try output.require("hash '\(path)'")
    return String(output.stdout.drop { $0 == "\\" }.prefix(64))
  }

  /// The offset of the first place where `marker` stands in the file, or nil; reads a piece at a
  /// time, so that the size of the disk does not matter.
  public func offset(of marker: some Sequence<UInt8>) throws -> Int? {
    let marker = Data(marker)
    precondition(!marker.isEmpty, "an empty marker is everywhere")
    let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    defer { try? handle.close() }
    var (window, start) = (Data(), 0)  // start: offset in the file of the window's first byte
    while let piece = try handle.read(upToCount: 4 << 20), !piece.isEmpty {
      window.append(piece)
      if let found = window.range(of: marker) {
        return start + window.distance(from: window.startIndex, to: found.lowerBound)
      }
      // A marker may lie across two pieces.
      let rest = window.suffix(marker.count - 1)
      start += window.count - rest.count
      window = Data(rest)
    }
    return nil
  }

  /// Whether the text stands anywhere in the file.
  public func contains(_ text: String) throws -> Bool { try offset(of: text.utf8) != nil }
}
