/// A `jvm.options`, or a file of `jvm.options.d`: the options of Elasticsearch's Java machine.
///
/// The same from 6.8 to 9.5 (`JvmOptionsParser`, read in the source of both; its grammar run):
///
/// | line | means |
/// | --- | --- |
/// | `#` in the first column, or nothing but blanks | nothing |
/// | `-Xmx1g` | the option, on every Java |
/// | `8:-Xmx1g` `8-:-Xmx1g` `8-9:-Xmx1g` | on Java 8, from 8 on, on 8 and 9 |
/// | anything else, also an option or a comment behind a blank | Elasticsearch does not start |
///
/// Lines end with a feed, a carriage return, or both. Blanks at the end stay in the option: up to 7 a
/// shell drops them, since 8 Java takes `-Xmx1g ` for a size that it does not know (run with OpenJDK
/// 17). Of several options on one line the shell made several; since 8 they are one (inferred).
/// What the options of all files and variables come to is in ``JVMConfiguration``.
package struct JVMOptions: Equatable, Sendable {
  package let source: [UInt8]
  let lines: [JVMLine]

  /// Reads a file. There is no text that cannot be read; see `invalidLines`.
  package static func parse(_ bytes: [UInt8]) -> JVMOptions {
    var lines: [JVMLine] = []
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex { $0 == carriage || $0 == feed } ?? bytes.count
      lines.append(JVMLine(number: lines.count + 1, bytes[start..<end]))
      let isPair = end + 1 < bytes.count && bytes[end] == carriage && bytes[end + 1] == feed
      start = end + (isPair ? 2 : 1)
    }
    return JVMOptions(source: bytes, lines: lines)
  }

  /// The lines on which Elasticsearch refuses to start, counted from 1.
  package var invalidLines: [Int] {
    lines.filter { $0.content == .invalid }.map(\.number)
  }

  /// The options that apply to a major version of Java, in their order; where it is not known, those
  /// for some versions only are taken to apply.
  package func options(javaMajor: Int?) -> [String] {
    placedOptions(javaMajor: javaMajor).map(\.1)
  }

  /// The same, each with its line.
  func placedOptions(javaMajor: Int? = nil) -> [(Int, String)] {
    lines.compactMap { line in
      guard case .option(let text, let java, _) = line.content else { return nil }
      if let javaMajor, let java, !java.contains(javaMajor) { return nil }
      return (line.number, text)
    }
  }

  /// The versions of Java for which some of its lines are meant.
  var javaRanges: [ClosedRange<Int>] {
    lines.compactMap { line in
      guard case .option(_, let java, _) = line.content else { return nil }
      return java
    }
  }

  /// Whether both say the same: comments aside, the same options in the same order.
  package func saysTheSame(as other: JVMOptions) -> Bool {
    guard invalidLines.isEmpty, other.invalidLines.isEmpty else { return false }
    return lines.map(\.content.words).filter { $0 != nil }
      == other.lines.map(\.content.words).filter { $0 != nil }
  }

  static let carriage = UInt8(ascii: "\r")
  static let feed = UInt8(ascii: "\n")
}
