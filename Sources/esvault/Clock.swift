import Glibc

/// When and where a report is made.
enum Clock {
  /// The time in UTC, as in `2026-11-21T20:45:00Z` (RFC 3339).
  static func now() -> String { text(of: time(nil)) }

  static func text(of time: time_t) -> String {
    var (time, parts) = (time, tm())
    gmtime_r(&time, &parts)
    var buffer = [CChar](repeating: 0, count: 32)
    strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
    return buffer.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }

  /// Name of the host, at most 64 bytes on Linux (gethostname(2)).
  static func host() -> String {
    var name = [CChar](repeating: 0, count: 65)
    guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
    return name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }
}
