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
    private let process: pid_t
    private let output: Pipe
    private let errors: Pipe

    init(_ program: String, _ arguments: [String]) throws {
      (output, errors) = (try Pipe(), try Pipe())
      process = try Self.start(program, arguments, output, errors)
    }

    private static func start(
      _ program: String, _ arguments: [String], _ output: Pipe, _ errors: Pipe
    ) throws -> pid_t {
      var actions = posix_spawn_file_actions_t()
      posix_spawn_file_actions_init(&actions)
      defer { posix_spawn_file_actions_destroy(&actions) }
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
      posix_spawn_file_actions_adddup2(&actions, output.writing.rawValue, STDOUT_FILENO)
      posix_spawn_file_actions_adddup2(&actions, errors.writing.rawValue, STDERR_FILENO)
      let words = copies([program] + arguments)
      let environment = copies(["PATH=\(Program.searchPath)", "LC_ALL=C"])
      defer { for text in words + environment { free(text) } }
      var process = pid_t()
      let result = posix_spawn(&process, program, &actions, nil, words, environment)
      guard result == 0 else { throw FileError("run", program, result) }
      return process
    }

    /// The texts as C has them, with a null at the end.
    private static func copies(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
      texts.map { strdup($0) } + [nil]
    }

    /// Reads all that it prints, and waits for its end.
    func key(named name: String) throws -> DecryptedKey {
      output.closeWriting()
      errors.closeWriting()
      let key = Swift.Result { DecryptedKey(try Secret.read(from: output.reading, named: name)) }
      var words = [UInt8](repeating: 0, count: 4096)
      let count = try words.withUnsafeMutableBytes { try errors.reading.read(into: $0) }
      var status: Int32 = 0
      while waitpid(process, &status, 0) < 0 && errno == EINTR {}
      guard status == 0 else {
        let lines = String(decoding: words[..<count], as: UTF8.self).split(
          whereSeparator: \.isNewline)
        // A program that a signal ended has no status of its own: 128 and the signal, as shells say.
        let code = status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
        throw ProgramError.failed(
          "systemd-creds", status: code, message: lines.joined(separator: "; "))
      }
      return try key.get()
    }

    func kill() { _ = Glibc.kill(process, SIGKILL) }
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
