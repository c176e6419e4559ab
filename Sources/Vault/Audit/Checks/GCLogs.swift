extension Check {
  /// `-Xlog:…:file=` and, with Java 8, `-Xloggc:` (JDK documentation of `java`; Elastic documentation,
  /// "GC logging settings").
  static let gcLogs = Check(
    "gc-logs", .warning, "The logs of Java's garbage collector go behind LUKS.",
    reason:
      "They tell when the node worked, and how much; and other logs of Java can be sent there.",
    controls: [.protectionAtRest]
  ) { facts in
    facts.observations(of: .gcLogs) { _ in
      "Keep the logs on the volume: esvault provision --confine"
    }
  }
}
