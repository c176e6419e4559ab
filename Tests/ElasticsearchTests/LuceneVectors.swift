@testable import Elasticsearch

/// Commits of Lucene, made as its source writes them in each format.
struct CommitWriter {
  var format: UInt32 = 10
  var generation = 46
  var segments = 2
  var userData = [("node_id", "_cRiw287SRyE7ChkYnWIww"), ("node_version", "8170099")]
  /// What follows the user data.
  var extra: [UInt8] = []

  /// With header and footer.
  var bytes: [UInt8] { NodeStateVectors.sealed(header + body + extra) }

  private var header: [UInt8] {
    let suffix = String(generation, radix: 36)
    return [0x3F, 0xD7, 0x6C, 0x17] + text("segments") + big(UInt64(format), 4)
      + Array(repeating: 0xAB, count: 16) + [UInt8(suffix.utf8.count)] + Array(suffix.utf8)
  }

  private var body: [UInt8] {
    var bytes: [UInt8] = [9, 12, 0] + [9] + big(77, 8)
    bytes += format >= 8 ? variable(300) : big(300, 4)
    bytes += big(UInt64(segments), 4)
    if segments > 0 { bytes += [9, 0, 0] }
    for number in 0..<segments { bytes += segment(number) }
    bytes += variable(userData.count)
    for (key, value) in userData { bytes += text(key) + text(value) }
    return bytes
  }

  private func segment(_ number: Int) -> [UInt8] {
    var bytes = text("_\(number)") + Array(repeating: 0xCD, count: 16) + text("Lucene90")
    bytes += big(UInt64(number), 8) + big(3, 4) + big(.max, 8) + big(5, 8)
    if format >= 9 { bytes += big(2, 4) }
    if format >= 10 { bytes += number == 0 ? [0] : [1] + Array(repeating: 0xEF, count: 16) }
    bytes += variable(2) + text("_0_1.fnm") + text("_0_2.fnm")
    bytes += big(1, 4) + big(4, 4) + variable(1) + text("_0_1_Lucene90_0.dvd")
    if format >= 11 {
      bytes += big(1, 4) + big(7, 4) + big(9, 8) + big(2, 4) + big(1, 8) + big(2, 8)
    }
    return bytes
  }

  private func big(_ value: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
  }

  private func variable(_ value: Int) -> [UInt8] {
    value < 0x80
      ? [UInt8(value)] : [UInt8(value & 0x7F | 0x80)] + variable(value >> 7)
  }

  private func text(_ text: String) -> [UInt8] { variable(text.utf8.count) + Array(text.utf8) }
}
