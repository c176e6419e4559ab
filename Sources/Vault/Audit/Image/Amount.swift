/// Numbers as an audit tells them: rounded away from what would flatter.
enum Amount {
  /// "0.69 %": the share, from 0 to 1, in hundredths of a percent, rounded up.
  static func percent(atMost share: Double) -> String { percent(share, .up) }
  static func percent(atLeast share: Double) -> String { percent(share, .down) }

  private static func percent(_ share: Double, _ rule: FloatingPointRoundingRule) -> String {
    let hundredths = Int((share * 10_000).rounded(rule))
    let digits = "\(hundredths % 100)"
    return "\(hundredths / 100).\(digits.count < 2 ? "0" : "")\(digits) %"
  }

  /// "452 MiB": in the largest unit of which there are two or more, rounded up.
  static func size(atMost bytes: Double) -> String { size(bytes, .up) }
  static func size(atLeast bytes: Double) -> String { size(bytes, .down) }

  private static func size(_ bytes: Double, _ rule: FloatingPointRoundingRule) -> String {
    var (value, units) = (bytes, ["B", "KiB", "MiB", "GiB", "TiB"][...])
    while value >= 2048, units.count > 1 { (value, units) = (value / 1024, units.dropFirst()) }
    return "\(UInt64(value.rounded(rule))) \(units.first!)"
  }
}
