import CLinux
import Glibc

/// A program of the system at work beside us: run without a shell, with a fixed search path, nothing of
/// our environment and none of our open files.
struct ChildProcess: Sendable {
  private let id: pid_t

  /// - Parameters:
  ///   - program: its path.
  ///   - output: where it prints to; nil: nowhere.
  ///   - errors: where it complains; nil: nowhere.
  /// - Throws: ``FileError`` where it cannot be started.
  init(_ program: String, _ arguments: [String], output: Int32? = nil, errors: Int32? = nil)
    throws(FileError)
  {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    for (own, given) in [(STDOUT_FILENO, output), (STDERR_FILENO, errors)] {
      if let given {
        posix_spawn_file_actions_adddup2(&actions, given, own)
      } else {
        posix_spawn_file_actions_addopen(&actions, own, "/dev/null", O_WRONLY, 0)
      }
    }
    esvault_close_from(&actions, STDERR_FILENO + 1)
    let words = Self.copies([program] + arguments)
    let environment = Self.copies(["PATH=\(Program.searchPath)", "LC_ALL=C"])
    defer { for text in words + environment { free(text) } }
    var id = pid_t()
    let result = posix_spawn(&id, program, &actions, nil, words, environment)
    guard result == 0 else { throw FileError("run", program, result) }
    self.id = id
  }

  /// The texts as C has them, with a null at the end.
  private static func copies(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
    texts.map { strdup($0) } + [nil]
  }

  /// Waits for its end. Of a program that a signal ended, 128 and the signal, as shells say.
  func status() -> Int32 {
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0 && errno == EINTR {}
    return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
  }

  /// Whether it ends within the limit; one that does not is left behind.
  func ends(within limit: Duration) -> Bool {
    let deadline = ContinuousClock.now + limit
    while waitpid(id, nil, WNOHANG) == 0 {
      guard ContinuousClock.now < deadline else { return false }
      usleep(1000)
    }
    return true
  }

  func kill() { _ = Glibc.kill(id, SIGKILL) }
}
