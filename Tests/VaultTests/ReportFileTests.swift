import Glibc
import Testing

@testable import Vault

/// Reports are written whole, and over nothing else than a file.
@Suite struct ReportFileTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func mode(_ path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
  }

  @Test func aNewFileCanBeReadByEverybody() throws {
    let path = scratch.path + "/new"
    let file = ReportFile(path)
    try file.replace(with: "text".utf8)
    #expect(try file.bytes() == Array("text".utf8))
    #expect(mode(path) == 0o644)
    #expect(Directories.names(in: scratch.path) == ["new"])
  }

  @Test func aFileOfTheSameOwnerKeepsItsMode() throws {
    let path = scratch.path + "/old"
    try ReportFile(path).replace(with: "a longer text".utf8)
    chmod(path, 0o600)
    try ReportFile(path).replace(with: "text".utf8)
    #expect(try ReportFile(path).bytes() == Array("text".utf8))
    #expect(mode(path) == 0o600)
  }

  @Test func aFileOfSomebodyElseBecomesTheWriters() throws {
    // Only root can make a file somebody else's; without root there is none to be met.
    guard geteuid() == 0 else { return try aNewFileCanBeReadByEverybody() }
    let path = scratch.path + "/theirs"
    try ReportFile(path).replace(with: "theirs".utf8)
    chmod(path, 0o666)
    chown(path, 65534, 65534)
    try ReportFile(path).replace(with: "ours".utf8)
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_uid == 0)
    #expect(mode(path) == 0o644)
  }

  @Test func whateverElseIsThereStays() throws {
    let target = scratch.path + "/target"
    try ReportFile(target).replace(with: "precious".utf8)
    let (link, pipe, folder) = (
      scratch.path + "/link", scratch.path + "/pipe", scratch.path + "/folder"
    )
    symlink(target, link)
    mkfifo(pipe, 0o600)
    mkdir(folder, 0o700)
    for path in [link, pipe, folder, "/dev/null"] {
      let failure = #expect(throws: StepFailure.self) {
        try ReportFile(path).replace(with: "text".utf8)
      }
      #expect(failure?.description == "could not write '\(path)': it is not a regular file")
    }
    #expect(try ReportFile(target).bytes() == Array("precious".utf8))
    #expect(Set(Directories.names(in: scratch.path) ?? []) == ["target", "link", "pipe", "folder"])
  }

  @Test func whereNothingCanBeWrittenThePathIsNamed() {
    let path = scratch.path + "/none/file"
    #expect(throws: FileError("write", path, ENOENT)) {
      try ReportFile(path).replace(with: "text".utf8)
    }
    #expect(throws: FileError("read", path, ENOENT)) { try ReportFile(path).bytes() }
  }

  @Test func aNameWithoutADirectoryIsInTheWorkingDirectory() {
    #expect(throws: Never.self) { try ReportFile("surely-not-there").checkIsReplaceable() }
  }

  @Test func whatCannotBeWrittenIsFoundBeforehand() throws {
    let file = scratch.path + "/file"
    try ReportFile(file).replace(with: "text".utf8)
    for (path, cause) in [
      (scratch.path + "/none/file", ENOENT), (file + "/file", ENOTDIR),
      (scratch.path + "/" + String(repeating: "n", count: 256), ENAMETOOLONG),
    ] {
      let error = #expect(throws: FileError.self) { try ReportFile(path).checkIsReplaceable() }
      #expect(error?.path == path && error?.errno.rawValue == cause)
    }
    for path in ["", scratch.path + "/new/"] {
      let error = #expect(throws: StepFailure.self) { try ReportFile(path).checkIsReplaceable() }
      #expect(error?.description == "could not write '\(path)': it names no file")
    }
  }

  @Test func theLongestNameOfAllIsNotTooLong() throws {
    let path = scratch.path + "/" + String(repeating: "n", count: 255)
    try ReportFile(path).replace(with: "text".utf8)
    #expect(try ReportFile(path).bytes() == Array("text".utf8))
  }

  @Test func aFileThatIsReadIsKnownByEachOfItsNames() throws {
    let source = scratch.path + "/source"
    try ReportFile(source).replace(with: "precious".utf8)
    let (alias, other) = (scratch.path + "/alias", scratch.path + "/other")
    #expect(link(source, other) == 0 && symlink(source, alias) == 0)
    for (path, read) in [
      (source, source), (scratch.path + "/./source", source), (other, source), (source, alias),
    ] {
      let refusal = #expect(throws: Refusal.self) {
        try ReportFile(path).checkIsNone(of: ["/none", read])
      }
      #expect(refusal?.description == "the file to write, '\(path)', is one to read, '\(read)'")
    }
    try ReportFile(other + "-new").checkIsNone(of: [source, other + "-new"])
  }
}
