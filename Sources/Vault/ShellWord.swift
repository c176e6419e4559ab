extension String {
  /// The text as bash takes it for one word: advice is there to be pasted, and names may come from
  /// a disk that somebody else has written.
  ///
  /// A word holds no colon before a blank, and no full stop at its end: these part the advice into
  /// words and a command. What cannot be printed is written in numbers.
  var shellWord: String {
    let plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+:@%=,".utf8
    guard isEmpty || hasSuffix(".") || !utf8.allSatisfy(plain.contains) else { return self }
    guard !unicodeScalars.contains(where: \.isUnprintable) else {
      let bytes = utf8.map { byte in
        plain.contains(byte)
          ? String(UnicodeScalar(byte))
          : #"\x"# + String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
      }
      return "$'" + bytes.joined() + "'"
    }
    let parts = split(separator: "'", omittingEmptySubsequences: false)
    return "'" + parts.joined(separator: #"'\''"#).replacing(": ", with: ":'' ") + "'"
  }
}
