/// An advice, parted into what is said and what is to be pasted.
struct Advice: Equatable {
  /// A sentence, or what stands before the command: "Turn swap off:".
  let words: String
  let command: String?

  /// Advice ends in a full stop, or in a colon and a command. No command has a colon and a blank: names
  /// within it are shell words, which have none either.
  init(_ text: String) {
    guard !text.hasSuffix("."), let colon = text.ranges(of: ": ").last else {
      (words, command) = (text, nil)
      return
    }
    words = text[..<colon.lowerBound] + ":"
    command = String(text[colon.upperBound...])
  }
}
