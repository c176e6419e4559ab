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
  var (value, unit) = (bytes * 10, 0)
  while value >= 10240, unit < units.count - 1 { (value, unit) = (value / 1024, unit + 1) }
  return value % 10 == 0
    ? "\(value / 10) \(units[unit])" : "\(value / 10).\(value % 10) \(units[unit])"
}
