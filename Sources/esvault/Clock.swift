import Glibc

/// When and where a report is made.
enum Clock {
  private static let format = "%Y-%m-%dT%H:%M:%SZ"

  /// The time in UTC, as in `2026-11-21T20:45:00Z` (RFC 3339).
  static func now() -> String { text(of: seconds()) }

  /// The time in seconds since 1970.
  static func seconds() -> time_t { Glibc.time(nil) }

  static func text(of time: time_t) -> String {
    var (time, parts) = (time, tm())
    gmtime_r(&time, &parts)
    var buffer = [CChar](repeating: 0, count: 32)
    strftime(&buffer, buffer.count, format, &parts)
    return buffer.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }

  /// The time that such a text names; nil for any other text.
  static func time(of text: String) -> time_t? {
    let numbers = text.split { !$0.isNumber }.compactMap { Int32($0) }
    guard numbers.count == 6, text.utf8.count == 20 else { return nil }
    var parts = tm()
    (parts.tm_year, parts.tm_mon, parts.tm_mday) = (numbers[0] - 1900, numbers[1] - 1, numbers[2])
    (parts.tm_hour, parts.tm_min, parts.tm_sec) = (numbers[3], numbers[4], numbers[5])
    let time = timegm(&parts)
    // It has the very form, and no day that its month does not have.
    return Clock.text(of: time) == text ? time : nil
  }

  /// Name of the host, at most 64 bytes on Linux (gethostname(2)).
  static func host() -> String {
    var name = [CChar](repeating: 0, count: 65)
    guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
    return name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }
}
