import Foundation

/// The built `esvault`, run as a program.
enum Tool {
  /// It lies beside the bundle of these tests.
  private static let path = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("esvault").path

  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
    var text: String { output + errors }
  }

  /// Runs it with arguments, an environment without the tester's own settings, and standard input.
  static func run(_ arguments: [String], input: String = "") throws -> Outcome {
    try start([path] + arguments, input: input)
  }

  static func run(_ arguments: String...) throws -> Outcome { try run(arguments) }

  /// Runs it as nobody, where the tests run as root.
  static func runAsNobody(_ arguments: String...) throws -> Outcome {
    try runAsNobody(arguments)
  }

  static func runAsNobody(_ arguments: [String]) throws -> Outcome {
    guard geteuid() == 0 else { return try run(arguments) }
    let privileges = ["--reuid", "65534", "--regid", "65534", "--clear-groups", "--"]
    return try start(["/usr/bin/setpriv"] + privileges + [path] + arguments, input: "")
  }

  private static func start(_ words: [String], input: String) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: words[0])
    process.arguments = Array(words.dropFirst())
    process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "COLUMNS": "80"]
    let (standardInput, output, errors) = (Pipe(), Pipe(), Pipe())
    process.standardInput = standardInput
    process.standardOutput = output
    process.standardError = errors
    // What it is told and what it says fit into the pipes. Before it runs: it may end without reading, and
    // nobody may write into a pipe that has no reader.
    try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try standardInput.fileHandleForWriting.close()
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    let said = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: String(decoding: data, as: UTF8.self),
      errors: String(decoding: said, as: UTF8.self))
  }
}

/// A temporary folder that vanishes with its owner.
final class Scratch {
  let path = NSTemporaryDirectory() + "esvault-tool-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
    return file.path
  }
}
