/// How much memory Elasticsearch's Java heap should get.
package enum Heap {
  package static let mebibyte: UInt64 = 1 << 20
  package static let gibibyte: UInt64 = 1 << 30

  /// The most that is recommended: beyond about 32 GB Java no longer compresses object pointers, and
  /// a larger heap holds less. Elasticsearch's own sizing stops here as well.
  package static let greatestRecommended = 31 * gibibyte
  /// From here on Java needs twice the memory for a pointer, on every machine (Elastic documentation, "Set
  /// the JVM heap size").
  package static let uncompressed = 32 * gibibyte
  /// The least that Elasticsearch chooses for itself on the smallest machine.
  package static let least = 128 * mebibyte

  /// The heap for a machine with so much memory, in bytes, a whole number of MiB.
  ///
  /// Half of the memory and at most 31 GiB; below 1 GiB of memory two fifths and at least 128 MiB.
  /// That is what Elasticsearch 7.11 and later chooses for a data node (`MachineDependentHeap` in its
  /// source; "Set the JVM heap size" in Elastic's documentation), and right for earlier ones too.
  package static func recommended(memory bytes: UInt64) -> UInt64 {
    let share = bytes < gibibyte ? max(bytes / 5 * 2, least) : min(bytes / 2, greatestRecommended)
    return share / mebibyte * mebibyte
  }

  /// The heap that an option such as `-XX:MaxRAMPercentage=75.0` makes of so much memory, in bytes: about
  /// as much, for Java rounds it to its own units. Nil for an option that does not say.
  package static func share(_ option: String, of memory: UInt64) -> UInt64? {
    let parts = option.split(separator: "=", maxSplits: 1)
    let value = parts.count == 2 ? String(parts[1]) : ""
    switch parts.first {
    case "-XX:MaxRAMPercentage":
      guard let percent = Double(value), (0...100).contains(percent) else { return nil }
      return UInt64(Double(memory) * percent / 100)
    case "-XX:MaxRAMFraction":
      return UInt64(value).flatMap { $0 > 0 ? memory / $0 : nil }
    case "-XX:MaxRAM": return bytes(value).map { min($0, memory) / 4 }
    case "-XX:+AggressiveHeap": return memory / 2
    default: return nil
    }
  }

  /// A heap as Java's options write it: `15g` for whole GiB, otherwise `7936m`.
  package static func text(_ bytes: UInt64) -> String {
    bytes >= gibibyte && bytes % gibibyte == 0 ? "\(bytes / gibibyte)g" : "\(bytes / mebibyte)m"
  }

  /// Reads a size as Java's options write it: bytes, or with `k`, `m`, `g` or `t` behind. Nil for all
  /// else.
  package static func bytes(_ text: String) -> UInt64? {
    let shifts: [Character: UInt64] = ["k": 10, "m": 20, "g": 30, "t": 40]
    guard let last = text.last else { return nil }
    let shift = shifts[Character(last.lowercased())]
    let digits = shift == nil ? text[...] : text.dropLast()
    guard let number = Decimal.number(digits, digits: 15) else { return nil }
    let (bytes, overflow) = UInt64(number).multipliedReportingOverflow(by: 1 << (shift ?? 0))
    return overflow ? nil : bytes
  }

  /// Reads what an operator asks for: `auto`, `keep`, `15g`, `7936m` or `50%`. Nil for all else; a
  /// number without a unit is too easily a number of something else.
  package static func parse(_ text: String) -> HeapRequest? {
    switch text {
    case "auto": return .automatic
    case "keep": return .keep
    default: break
    }
    guard let number = Decimal.number(text.dropLast(), digits: 7), number > 0 else { return nil }
    switch text.last {
    case "%": return number <= 100 ? .percent(number) : nil
    case "m", "M": return .bytes(UInt64(number) * mebibyte)
    case "g", "G": return .bytes(UInt64(number) * gibibyte)
    default: return nil
    }
  }
}

/// The heap that an operator asks for.
package enum HeapRequest: Equatable, Sendable, CustomStringConvertible {
  /// What suits the machine.
  case automatic
  /// Whatever is configured now.
  case keep
  case bytes(UInt64)
  /// Of the memory, 1 to 100; at most ``Heap/greatestRecommended``.
  case percent(Int)

  package var description: String {
    switch self {
    case .automatic: "auto"
    case .keep: "keep"
    case .bytes(let bytes): Heap.text(bytes)
    case .percent(let percent): "\(percent)%"
    }
  }

  /// The heap where there is so much memory, in bytes; nil to keep what is there.
  package func bytes(memory: UInt64) throws(HeapError) -> UInt64? {
    let wanted: UInt64
    switch self {
    case .keep: return nil
    case .automatic: wanted = Heap.recommended(memory: memory)
    case .bytes(let bytes): wanted = bytes
    case .percent(let percent):
      let share = memory / 100 * UInt64(percent) + memory % 100 * UInt64(percent) / 100
      wanted = min(share / Heap.mebibyte * Heap.mebibyte, Heap.greatestRecommended)
    }
    guard wanted >= Heap.least else { throw .tooSmall(heap: wanted) }
    guard wanted <= memory else { throw .tooLarge(heap: wanted, memory: memory) }
    return wanted
  }
}

/// Why a machine cannot have the heap that was asked for.
package enum HeapError: Error, Equatable, CustomStringConvertible {
  case tooSmall(heap: UInt64)
  case tooLarge(heap: UInt64, memory: UInt64)

  package var description: String {
    switch self {
    case .tooSmall(let heap):
      "could not use a heap of '\(Heap.text(heap))': it is below \(Heap.text(Heap.least))"
    case .tooLarge(let heap, let memory):
      "could not use a heap of '\(Heap.text(heap))': there is \(Heap.text(memory)) of memory for it"
    }
  }
}
