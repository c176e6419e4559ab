import Foundation

/// A folder of this computer that a test removes again.
public struct Scratch: Sendable {
  /// Short: ssh puts a socket into it, whose path may have 107 bytes.
  public let path = NSTemporaryDirectory() + "esvault-\(UUID().uuidString.prefix(8))"

  public init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  public func remove() { try? FileManager.default.removeItem(atPath: path) }

  /// The text of a file in it.
  public func text(of file: String) throws -> String {
    try String(contentsOfFile: path + "/" + file, encoding: .utf8)
  }
}
