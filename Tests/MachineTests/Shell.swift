import Foundation

/// What a child process left behind.
struct Output {
  let status: Int32
  let text: String
  let errors: String
}

/// Runs a program with an environment of its own and no terminal; waits until it ends.
///
/// Output goes to files, so that no pipe fills up however much a program says.
func run(_ program: String, _ arguments: [String] = [], input: [UInt8]? = nil) throws -> Output {
  let folder = try Scratch()
  defer { folder.remove() }
  let process = Process()
  process.executableURL = URL(fileURLWithPath: program)
  process.arguments = arguments
  process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"]
  process.standardOutput = try folder.file("text")
  process.standardError = try folder.file("errors")
  process.standardInput =
    try input.map { try folder.file("input", holding: Data($0)) } ?? FileHandle.nullDevice
  try process.run()
  process.waitUntilExit()
  let signal: Int32 = process.terminationReason == .uncaughtSignal ? 128 : 0
  return Output(
    status: process.terminationStatus + signal, text: try folder.text("text"),
    errors: try folder.text("errors"))
}

/// Runs lines of bash that must succeed; what they print, without the last end of line.
@discardableResult
func bash(_ script: String) throws -> String {
  let output = try run("/bin/bash", ["-c", "set -euo pipefail\n" + script])
  guard output.status == 0 else {
    throw ScriptFailure(description: "status \(output.status) of: \(script)\n\(output.errors)")
  }
  return output.text.trimmingCharacters(in: .newlines)
}

struct ScriptFailure: Error, CustomStringConvertible {
  let description: String
}

/// A folder in memory for one child.
private struct Scratch {
  private let path = "/tmp/child-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  func file(_ name: String) throws -> FileHandle {
    try Data().write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    return try FileHandle(forWritingTo: URL(fileURLWithPath: "\(path)/\(name)"))
  }

  func file(_ name: String, holding data: Data) throws -> FileHandle {
    try data.write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    return try FileHandle(forReadingFrom: URL(fileURLWithPath: "\(path)/\(name)"))
  }

  func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")), as: UTF8.self)
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
