import CLinux
import Glibc
import SystemPackage

/// The earlier versions of a file that esvault has edited, beside it: `elasticsearch.yml` has
/// `elasticsearch.yml.esvault-20261121T174609Z`, with the time in UTC.
///
/// They are the whole file with its owner, mode and extended attributes. No program reads them: a file
/// of `jvm.options.d` must end in `.options`.
struct FileBackups {
  /// So many stay; the oldest go.
  static let greatestCount = 5
  private let file: String

  init(of file: String) {
    self.file = file
  }

  /// Makes a finished file the newest backup, and gives its path.
  ///
  /// - Parameter time: seconds since 1970. If there is a backup of that second, the next one is taken.
  func add(_ draft: String, at time: time_t) throws -> String {
    for second in time..<(time + 60) {
      let backup = file + Self.suffix(second)
      if esvault_rename_new(draft, backup) == 0 { return backup }
      guard errno == EEXIST else { throw FileError("back up", file, errno) }
    }
    throw FileError("back up", file, EEXIST)
  }

  /// Removes the oldest; only files that have exactly the name of a backup.
  ///
  /// - Parameter newest: is kept, also where a clock that was set back gives it the oldest name.
  func prune(keeping newest: String) {
    let path = FilePath(file)
    let folder = path.removingLastComponent().string
    guard let name = path.lastComponent?.string else { return }
    let own = (Directories.names(in: folder) ?? [])
      .filter { $0.hasPrefix(name) && Self.isSuffix($0.dropFirst(name.count)) }.sorted()
    let others = own.map { "\(folder)/\($0)" }.filter { $0 != newest }
    for oldest in others.dropLast(Self.greatestCount - 1) { unlink(oldest) }
  }

  private static let mark = ".esvault-"

  private static func suffix(_ time: time_t) -> String {
    var (time, parts) = (time, tm())
    gmtime_r(&time, &parts)
    func digits(_ number: Int32, _ count: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    let date =
      digits(parts.tm_year + 1900, 4) + digits(parts.tm_mon + 1, 2) + digits(parts.tm_mday, 2)
    let clock = digits(parts.tm_hour, 2) + digits(parts.tm_min, 2) + digits(parts.tm_sec, 2)
    return mark + date + "T" + clock + "Z"
  }

  private static func isSuffix(_ text: Substring) -> Bool {
    let form = mark + "00000000T000000Z"
    guard text.utf8.count == form.utf8.count else { return false }
    return zip(text.utf8, form.utf8).allSatisfy { character, wanted in
      wanted == UInt8(ascii: "0")
        ? (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character) : character == wanted
    }
  }
}
