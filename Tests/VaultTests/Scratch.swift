import Foundation
import Glibc

/// A temporary folder that vanishes with its owner.
final class Scratch {
  let path = NSTemporaryDirectory() + "esvault-vault-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file; its path.
  @discardableResult
  func file(_ name: String, _ bytes: [UInt8], mode: mode_t = 0o600) throws -> String {
    let file = "\(path)/\(name)"
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    chmod(file, mode)
    return file
  }

  /// Writes a program; its path.
  ///
  /// Another process writes it: what this one has open for writing is open for a moment in every child
  /// that another test starts, and until then the kernel does not run it.
  func program(_ name: String, _ text: String) throws -> String {
    let file = "\(path)/\(name)"
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", #"printf %s "$2" >"$1" && chmod 755 "$1""#, "sh", file, text]
    try shell.run()
    shell.waitUntilExit()
    return file
  }

  func bytes(_ name: String) throws -> [UInt8] {
    try Array(Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")))
  }

  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  func status(_ name: String) -> stat {
    var status = stat()
    lstat("\(path)/\(name)", &status)
    return status
  }

  func mode(_ name: String) -> UInt32 { status(name).st_mode & 0o7777 }
}
