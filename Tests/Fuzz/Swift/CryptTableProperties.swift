import LUKS

/// What holds for every table of a dm-crypt mapping: nothing is read in it that does not stand there.
enum CryptTableProperties {
  static func check(_ input: [UInt8]) throws(BrokenProperty) {
    let text = String(decoding: input, as: UTF8.self)
    guard let target = CryptTarget(parameters: text) else { return }
    let words = text.utf8.split(separator: 0x20).map { Array($0) }
    try demand(words.count >= 5, "a target has five words")
    try demand(Array(target.cipher.utf8) == words[0], "the cipher is the first word")
    try demand(Array(target.device.utf8) == words[3], "the device is the fourth word")
    try demand(target.keyBits >= 0 && target.sectorSize > 0, "sizes are not negative")
    let (sectors, rest) = target.offset.quotientAndRemainder(dividingBy: 512)
    try demand(rest == 0, "the offset is a number of sectors")
    try demand(digits(words[4]) == sectors, "the offset is the fifth word")
    if words[1].first != UInt8(ascii: ":"), words[1] != [UInt8(ascii: "-")] {
      try demand(target.keyBits == words[1].count * 4, "each digit of a key is four bits")
    }
    let size = words.dropFirst(5).first { $0.starts(with: "sector_size:".utf8) }
    if size == nil { try demand(target.sectorSize == 512, "a sector has 512 bytes") }
  }

  private static func digits(_ word: [UInt8]) -> UInt64? {
    UInt64(
      String(
        decoding: word.first == UInt8(ascii: "+") ? word.dropFirst() : word[...], as: UTF8.self))
  }
}
