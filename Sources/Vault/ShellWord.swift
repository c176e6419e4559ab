extension String {
  /// The text as a shell takes it for one word: advice is there to be pasted, and names may come from
  /// a disk that somebody else has written.
  var shellWord: String {
    let plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+:@%=,".utf8
    guard isEmpty || !utf8.allSatisfy(plain.contains) else { return self }
    let parts = split(separator: "'", omittingEmptySubsequences: false)
    return "'" + parts.joined(separator: #"'\''"#) + "'"
  }
}
