import Glibc
import SystemPackage

/// A call on a file that failed.
package struct FileError: Error, Equatable, CustomStringConvertible {
  package let operation: String
  package let path: String
  package let errno: Errno

  package init(_ operation: String, _ path: String, _ errno: Int32) {
    self.operation = operation
    self.path = path
    self.errno = Errno(rawValue: errno)
  }

  package var description: String { "could not \(operation) '\(path)': \(errno)" }

  /// Runs file calls, and gives their errno the operation and the path.
  static func wrap<Result>(
    _ operation: String, _ path: String, _ work: () throws -> Result
  ) throws -> Result {
    do { return try work() } catch let error as Errno {
      throw FileError(operation, path, error.rawValue)
    }
  }
}
