import Foundation
import Testing

/// A file that a real node or a real Lucene has written, checked in beside the tests.
struct RealFile: CustomTestStringConvertible {
  /// Below the folder of the tests.
  let path: String
  let bytes: [UInt8]

  var testDescription: String { path }

  init(_ path: String) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    self.path = path
    bytes = Array(try Data(contentsOf: folder.appending(path: path)))
  }
}

/// Every damage of a kind that a disk, a cable or a hasty copy does to a file.
struct Damages: Sequence {
  let bytes: [UInt8]

  /// Each byte with its lowest, its highest and all of its bits turned round; each shorter file; and
  /// some more at the end.
  func makeIterator() -> some IteratorProtocol<[UInt8]> {
    let altered = bytes.indices.lazy.flatMap { place in
      [0x01, 0x80, 0xFF].lazy.map { (mask: UInt8) in
        var altered = bytes
        altered[place] ^= mask
        return altered
      }
    }
    let shorter = bytes.indices.lazy.map { Array(bytes[..<$0]) }
    let longer = [[0], [0xFF], Array("\n".utf8), bytes].lazy.map { bytes + $0 }
    return [AnySequence(altered), AnySequence(shorter), AnySequence(longer)].joined().makeIterator()
  }
}
