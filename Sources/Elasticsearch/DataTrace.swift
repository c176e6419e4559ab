import Glibc

/// What gives a block away as part of Elasticsearch's files, wherever in the block it stands.
package enum DataTrace: String, CaseIterable, Sendable {
  case state = "Elasticsearch state"
  case translog = "Elasticsearch translog"
  case lucene = "Lucene file"
  /// A document or state in Smile, the binary form of JSON that Elasticsearch writes.
  case smile = "Smile document"
  /// Logs, JSON documents: nothing but ASCII that is printed, or nothing else up to a file's end.
  case text

  /// The first header, or else footer, of ``CodecFile`` in the block.
  ///
  /// A header has at least 90 fixed bits and a footer 96: random bytes show one less often than once
  /// in 10^15 blocks.
  package static func found(in block: UnsafeRawBufferPointer) -> DataTrace? {
    for start in places(of: 0x3F, in: block) {
      if let name = codecName(in: block, at: start) {
        return allCases.first { $0.codec == name } ?? .lucene
      }
    }
    // The number of the checksum is 0, and so is the upper half of its eight bytes.
    let footer: [UInt8] = [0xC0, 0x28, 0x93, 0xE8, 0, 0, 0, 0, 0, 0, 0, 0]
    let isFooter = places(of: footer[0], in: block).contains {
      block[$0...].prefix(footer.count).elementsEqual(footer)
    }
    return isFooter ? .lucene : nil
  }

  /// What random bytes may show by chance, once in some 10^7 blocks: a name for what is known to be no
  /// encrypted block.
  package static func suggested(by block: UnsafeRawBufferPointer) -> DataTrace? {
    // The header's last byte has flags, and the version 0 in its upper half; then an object begins.
    let isSmile = places(of: 0x3A, in: block).contains { start in
      let bytes = block[start...].prefix(5)
      return bytes.starts(with: [0x3A, 0x29, 0x0A]) && bytes.count == 5
        && bytes[start + 3] & 0xF0 == 0 && bytes[start + 4] == 0xFA
    }
    return isSmile ? .smile : isText(block) ? .text : nil
  }

  private static func isText(_ block: UnsafeRawBufferPointer) -> Bool {
    let text = block.prefix { (0x20...0x7E).contains($0) || (0x09...0x0D).contains($0) }
    return !text.isEmpty && block[text.endIndex...].allSatisfy { $0 == 0 }
  }

  /// The codec's name in the header of the files: `STATE_FILE_CODEC` of `MetaDataStateFormat` and
  /// `TRANSLOG_CODEC` of `TranslogHeader`, the same in every version of Elasticsearch's source.
  private var codec: String? {
    switch self {
    case .state: "state"
    case .translog: "translog"
    case .lucene, .smile, .text: nil
    }
  }

  /// The name behind a magic number at `start`: at least four letters, digits or `_.-`, before a
  /// version below 256.
  private static func codecName(in block: UnsafeRawBufferPointer, at start: Int) -> String? {
    let rest = block[start...]
    guard rest.starts(with: [0x3F, 0xD7, 0x6C, 0x17]), rest.count > 5 else { return nil }
    let length = Int(block[start + 4])
    let (name, version) = (rest.dropFirst(5).prefix(length), rest.dropFirst(5 + length).prefix(4))
    guard length >= 4, name.allSatisfy(isNameByte), version.count == 4,
      version.starts(with: [0, 0, 0])
    else { return nil }
    return String(decoding: name, as: UTF8.self)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: "-"):
      true
    default: false
    }
  }

  /// Where a byte stands, in rising order. The corresponding C function is `memchr`.
  private static func places(
    of byte: UInt8, in block: UnsafeRawBufferPointer
  ) -> some Sequence<Int> {
    sequence(state: 0) { next -> Int? in
      guard next < block.count, let base = block.baseAddress,
        let found = memchr(base + next, Int32(byte), block.count - next)
      else { return nil }
      next = UnsafeRawPointer(found) - base + 1
      return next - 1
    }
  }
}
