extension Check {
  /// `java.io.tmpdir`, else `ES_TMPDIR`, else a directory that mktemp(1) makes below `/tmp`, which with
  /// `PrivateTmp=` is one of the service's own on the same filesystem (systemd.exec(5)). Machine learning
  /// writes its models there (`AutodetectBuilder`, read in 9.5). What lies in memory is as safe as the
  /// swap areas are.
  static let temporaryFiles = Check(
    "temporary-files", .warning,
    "Every disk beneath the directory for temporary files is behind LUKS.",
    reason: "Machine learning and uploads put parts of documents there, and a crash leaves them.",
    controls: [.protectionAtRest]
  ) { facts in
    facts.observations(of: .temporary) { _ in
      "Keep temporary files on the volume: esvault provision --confine"
    }
  }
}
