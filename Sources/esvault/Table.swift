/// Columns of text, as wide as their longest cell.
struct Table {
  private var rows: [[String]]

  init(_ heading: [String]) {
    rows = [heading]
  }

  mutating func add(_ row: [String]) {
    rows.append(row)
  }

  var text: String {
    let widths = (rows.first ?? []).indices.map { column in
      rows.map { $0[column].count }.max() ?? 0
    }
    return rows.map { row in
      let cells = zip(row, widths).map { cell, width in
        cell + String(repeating: " ", count: width - cell.count)
      }
      return trimmed(cells.joined(separator: "  "))
    }.joined(separator: "\n")
  }

  private func trimmed(_ line: String) -> String {
    String(line.reversed().drop { $0 == " " }.reversed())
  }
}

/// A size in the unit that reads best, with one decimal.
func readable(bytes: UInt64) -> String {
  let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]
  let unit = min(max(bytes.bitWidth - bytes.leadingZeroBitCount - 1, 0) / 10, units.count - 1)
  let (whole, rest) = bytes.quotientAndRemainder(dividingBy: 1 << (10 * unit))
  // At most 1023 PiB and a part of one: ten times the part is no overflow.
  let tenths = (rest * 10) >> (10 * unit)
  return tenths == 0 ? "\(whole) \(units[unit])" : "\(whole).\(tenths) \(units[unit])"
}
