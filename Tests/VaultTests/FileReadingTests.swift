import Glibc
import SystemPackage
import Testing

@testable import Vault

/// A file that is read whole must be a file, and have an end.
@Suite struct FileReadingTests {
  @Test(.timeLimit(.minutes(1))) func aPipeIsNotWaitedFor() throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/pipe"
    #expect(mkfifo(path, 0o600) == 0)
    #expect(throws: FileError("read", path, EOPNOTSUPP)) { try AtomicFile(path).bytes() }
  }

  @Test(.timeLimit(.minutes(1))) func whatNeverEndsIsNotRead() {
    #expect(throws: FileError("read", "/dev/zero", EOPNOTSUPP)) {
      try AtomicFile("/dev/zero").bytes()
    }
  }

  @Test func aFileTooLargeForAConfigurationIsNotRead() throws {
    let scratch = try Scratch()
    let path = try scratch.file("large", [1])
    #expect(truncate(path, off_t(AtomicFile.greatestSize)) == 0)
    #expect(try AtomicFile(path).bytes()?.count == AtomicFile.greatestSize)
    #expect(truncate(path, 1 << 30) == 0)
    #expect(throws: FileError("read", path, EFBIG)) { try AtomicFile(path).bytes() }
  }
}
