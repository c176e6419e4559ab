/// `/etc/crypttab`: what is opened at boot, and with which key (crypttab(5)).
struct Crypttab {
  private let lines: [[Substring]]

  init(_ text: String) {
    lines = text.split(whereSeparator: \.isNewline).map {
      $0.split(whereSeparator: \.isWhitespace)
    }
  }

  static func current() -> Crypttab {
    Crypttab(String(decoding: (try? AtomicFile("/etc/crypttab").bytes()) ?? [], as: UTF8.self))
  }

  /// Whether a mapping gets random bytes for a key, others at every boot, as is usual for swap.
  func hasRandomKey(_ name: String) -> Bool {
    lines.contains {
      $0.count > 2 && $0[0] == name && ["/dev/urandom", "/dev/random"].contains($0[2])
    }
  }
}
