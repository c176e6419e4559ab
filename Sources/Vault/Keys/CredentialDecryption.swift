import CLinux
import Glibc
import LUKS
import SystemPackage

/// Has `systemd-creds` decrypt a credential, with the key of this machine or its TPM.
///
/// What it prints goes from a pipe straight into a ``Secret``.
struct CredentialDecryption: Sendable {
  /// The program's path; nil: where the system has it.
  var program: String?
  /// A TPM may take seconds.
  var limit: Duration = .seconds(60)

  /// - Throws: ``ProgramError``, `LUKSError` for an empty key or one that is too long, or ``FileError``.
  func key(in path: String, named name: String) throws -> DecryptedKey {
    let program = try program ?? Program("systemd-creds").path()
    let child = try Child(program, ["decrypt", "--name=\(name)", path, "-"])
    do {
      return try Watchdog.run(limit: limit) { try child.key(named: path) }
    } catch let late as Watchdog.TimedOut {
      // Its end is the end of what it prints, and so of the thread that was left behind.
      child.kill()
      throw ProgramError.tooLong("systemd-creds", late.limit)
    }
  }

  /// A program at work, whose output is a key.
  private final class Child {
    private let process: ChildProcess
    private let output: Pipe
    private let errors: Pipe

    init(_ program: String, _ arguments: [String]) throws {
      (output, errors) = (try Pipe(), try Pipe())
      process = try ChildProcess(
        program, arguments, output: output.writing.rawValue, errors: errors.writing.rawValue)
    }

    /// Reads all that it prints, and waits for its end.
    func key(named name: String) throws -> DecryptedKey {
      output.closeWriting()
      errors.closeWriting()
      let key = Swift.Result { DecryptedKey(try Secret.read(from: output.reading, named: name)) }
      var words = [UInt8](repeating: 0, count: 4096)
      let count = try words.withUnsafeMutableBytes { try errors.reading.read(into: $0) }
      let status = process.status()
      guard status == 0 else {
        let lines = String(decoding: words[..<count], as: UTF8.self).split(
          whereSeparator: \.isNewline)
        throw ProgramError.failed(
          "systemd-creds", status: status, message: lines.joined(separator: "; "))
      }
      return try key.get()
    }

    func kill() { process.kill() }
  }

  /// The two ends of a pipe that no other program inherits.
  private final class Pipe {
    let reading: FileDescriptor
    let writing: FileDescriptor
    private var isWritable = true

    init() throws {
      var ends: [Int32] = [0, 0]
      guard esvault_pipe(&ends) == 0 else { throw FileError("make", "a pipe", errno) }
      (reading, writing) = (FileDescriptor(rawValue: ends[0]), FileDescriptor(rawValue: ends[1]))
    }

    deinit {
      closeWriting()
      try? reading.close()
    }

    func closeWriting() {
      if isWritable { try? writing.close() }
      isWritable = false
    }
  }
}

/// A key on its way from one thread to another.
final class DecryptedKey {
  let secret: Secret

  init(_ secret: consuming Secret) {
    self.secret = secret
  }
}
