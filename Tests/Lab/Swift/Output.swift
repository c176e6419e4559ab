import Foundation

/// What a program wrote, and how it ended.
public struct Output: Equatable, Sendable {
  public let status: Int32
  public let stdout: String
  public let stderr: String

  /// Runs a program of this computer to its end.
  public init(of program: String, _ arguments: [String] = [], input: String = "") throws {
    // Files, not pipes: a program in the background that inherits one must not hold up the reader.
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("esvault-lab-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func file(_ name: String, _ contents: String = "") throws -> URL {
      let url = folder.appendingPathComponent(name)
      try Data(contents.utf8).write(to: url)
      return url
    }
    let (out, err) = (try file("stdout"), try file("stderr"))

    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardInput = try FileHandle(forReadingFrom: file("stdin", input))
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: err)
    try process.run()
    process.waitUntilExit()

    status = process.terminationStatus
    stdout = String(decoding: try Data(contentsOf: out), as: UTF8.self)
    stderr = String(decoding: try Data(contentsOf: err), as: UTF8.self)
  }

  /// Turns a failed run into an error that carries what the program said.
  public func require(_ purpose: String) throws {
    guard status == 0 else { throw LabError(description: "could not \(purpose): \(stderr)") }
  }
}

/// The lab itself failed: not a result of the product.
public struct LabError: Error, CustomStringConvertible {
  public let description: String
}
