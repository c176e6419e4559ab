import Glibc
import Subprocess
import SystemPackage

/// A program of the system: run without a shell, with a fixed search path and nothing of our
/// environment, its output captured.
struct Program {
  /// Of what a program prints so many bytes are looked at: the last, where it says how it has ended.
  private static let room = 1 << 20
  static let searchPath = "/usr/sbin:/usr/bin:/sbin:/bin"
  let name: String

  init(_ name: String) {
    self.name = name
  }

  struct Output {
    var status: Int32
    var text: String
    var errors: String
  }

  /// Runs the program and waits until it ends.
  ///
  /// - Parameter limit: how long to wait; then the program is killed. nil for a program that must
  ///   never be killed, because it writes a filesystem.
  /// - Throws: ``ProgramError`` when it cannot be started or does not end in time.
  func run(_ arguments: [String], limit: Duration?) async throws(ProgramError) -> Output {
    guard let limit else { return try await runToTheEnd(arguments) }
    let name = name
    typealias Race = Result<Output, ProgramError>
    let raced = await withTaskGroup(of: Race.self) { group in
      group.addTask {
        do throws(ProgramError) {
          return Race.success(try await Program(name).runToTheEnd(arguments))
        } catch {
          return Race.failure(error)
        }
      }
      group.addTask {
        try? await Task.sleep(for: limit)
        return Race.failure(ProgramError.tooLong(name, limit))
      }
      // A group with two tasks has a first result.
      let first = await group.next()!
      group.cancelAll()
      return first
    }
    return try raced.get()
  }

  /// In a session of its own: an interrupt typed at our terminal must not kill a mke2fs that writes. Nor
  /// must our own end, after which nobody reads a pipe.
  private static var ownSession: PlatformOptions {
    var options = PlatformOptions()
    options.createSession = true
    return options
  }

  private func runToTheEnd(_ arguments: [String]) async throws(ProgramError) -> Output {
    do {
      let output = try MemoryFile()
      let errors = try MemoryFile()
      let result = try await Subprocess.run(
        .path(FilePath(try path())), arguments: Arguments(arguments),
        environment: .custom(["PATH": Self.searchPath, "LC_ALL": "C"]),
        platformOptions: Self.ownSession,
        output: .fileDescriptor(output.descriptor, closeAfterSpawningProcess: false),
        error: .fileDescriptor(errors.descriptor, closeAfterSpawningProcess: false))
      let status: Int32 =
        switch result.terminationStatus {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
      return Output(
        status: status, text: try output.text(last: Self.room),
        errors: try errors.text(last: Self.room))
    } catch let error as ProgramError {
      throw error
    } catch {
      throw .couldNotRun(name)
    }
  }

  /// Where the program is, in the fixed search path.
  func path() throws(ProgramError) -> String {
    for directory in Self.searchPath.split(separator: ":") {
      let path = "\(directory)/\(name)"
      if access(path, X_OK) == 0 { return path }
    }
    throw .missing(name)
  }
}

/// Why a program gave no answer.
package enum ProgramError: Error, Equatable, CustomStringConvertible {
  case missing(String)
  case couldNotRun(String)
  case tooLong(String, Duration)
  case failed(String, status: Int32, message: String)

  package var description: String {
    switch self {
    case .missing(let name): "could not run '\(name)': it is not in \(Program.searchPath)"
    case .couldNotRun(let name): "could not run '\(name)'"
    case .tooLong(let name, let limit):
      "could not finish '\(name)': it did not end within \(limit.components.seconds) s"
    case .failed(let name, let status, let message):
      "could not finish '\(name)': status \(status)\(message.isEmpty ? "" : ", \(message)")"
    }
  }
}

extension Program {
  /// Runs the program, and throws when it reports failure.
  @discardableResult
  func succeed(_ arguments: [String], limit: Duration?) async throws(ProgramError) -> String {
    let output = try await run(arguments, limit: limit)
    guard output.status == 0 else {
      let words = output.errors.split(whereSeparator: \.isNewline).suffix(3)
      throw .failed(name, status: output.status, message: words.joined(separator: "; "))
    }
    return output.text
  }
}
