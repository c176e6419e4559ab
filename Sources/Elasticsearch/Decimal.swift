/// Numbers of digits alone: no sign, no blank, nothing that overflows.
enum Decimal {
  static func number(_ text: some StringProtocol, digits: Int = 18) -> Int? {
    let utf8 = text.utf8
    guard !utf8.isEmpty, utf8.count <= digits else { return nil }
    guard utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
      return nil
    }
    return Int(text)
  }
}
