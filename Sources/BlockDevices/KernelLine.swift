/// Lines of the kernel's tables, whose fields are separated by blanks and otherwise escaped.
enum KernelLine {
  /// The lines of a text that are not empty; by bytes, because Swift takes "\r\n" for one
  /// character, and a carriage return may end a name.
  static func lines(_ text: String) -> [ArraySlice<UInt8>] {
    Array(text.utf8).split(separator: 0x0A)
  }

  /// The fields of a line, without their escapes.
  static func fields(_ line: [UInt8], omittingEmpty: Bool) -> [String] {
    line.split(omittingEmptySubsequences: omittingEmpty) { $0 == 0x20 || $0 == 0x09 }.map(decoded)
  }

  /// Turns \040 into a blank, \011 into a tab, \134 into a backslash and so on.
  private static func decoded(_ field: ArraySlice<UInt8>) -> String {
    guard field.contains(0x5C) else { return String(decoding: field, as: UTF8.self) }
    var bytes: [UInt8] = []
    var rest = field
    while let byte = rest.popFirst() {
      let digits = rest.prefix(3)
      if byte == 0x5C, digits.count == 3, digits.allSatisfy({ (0x30...0x37).contains($0) }),
        let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
      {
        bytes.append(value)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
