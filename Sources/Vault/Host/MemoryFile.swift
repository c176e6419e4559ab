import CLinux
import Glibc
import SystemPackage

/// A file in memory for what a program prints. Unlike a pipe it takes all of it, and it stays when we are
/// gone: a program that repairs a filesystem must not end because nobody reads what it says.
struct MemoryFile: ~Copyable {
  let descriptor: FileDescriptor

  init() throws(FileError) {
    let number = esvault_memory_file("esvault-output")
    guard number >= 0 else { throw FileError("create", "a file in memory", errno) }
    descriptor = FileDescriptor(rawValue: number)
  }

  deinit { try? descriptor.close() }

  /// The last so many bytes at most, as text.
  func text(last limit: Int) throws -> String {
    let size = try descriptor.seek(offset: 0, from: .end)
    let start = max(0, size - Int64(limit))
    var bytes = [UInt8](repeating: 0, count: Int(size - start))
    let count = try bytes.withUnsafeMutableBytes {
      try descriptor.read(fromAbsoluteOffset: start, into: $0)
    }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }
}
