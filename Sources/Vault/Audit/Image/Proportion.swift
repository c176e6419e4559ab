import Glibc

/// How large a share of all can be, judged by a sample: the interval of Clopper and Pearson (1934).
///
/// It is exact for draws that are all alike. Where one is drawn from each of several pieces it is on
/// the safe side: the number of hits then varies less (Hoeffding 1956, theorem 4).
package struct Proportion: Equatable, Sendable {
  private let hits: Int
  private let count: Int

  /// `hits` of `count` had it.
  package init(_ hits: Int, of count: Int) {
    precondition(count > 0 && (0...count).contains(hits))
    self.hits = hits
    self.count = count
  }

  /// Bounds that hold with this confidence. Where nothing or all was hit only one of them can be
  /// wrong, and has the whole risk; else each has half of it.
  package func interval(confidence: Double) -> ClosedRange<Double> {
    let risk = 1 - confidence
    switch hits {
    case 0: return 0...Self.greatest(0, of: count, risk: risk)
    case count: return 1 - Self.greatest(0, of: count, risk: risk)...1
    default:
      let lower = 1 - Self.greatest(count - hits, of: count, risk: risk / 2)
      return lower...Self.greatest(hits, of: count, risk: risk / 2)
    }
  }

  /// The share with which as few hits as these are as unlikely as `risk`.
  private static func greatest(_ hits: Int, of count: Int, risk: Double) -> Double {
    if hits == 0 { return 1 - pow(risk, 1 / Double(count)) }
    var (low, high) = (0.0, 1.0)
    // Halved until a double has no more digits.
    for _ in 0..<60 {
      let share = (low + high) / 2
      if chance(ofAtMost: hits, of: count, share) > risk { low = share } else { high = share }
    }
    return high
  }

  /// The binomial distribution's probability of no more than `hits`, summed in logarithms: the
  /// probability of no hit at all may be smaller than any double.
  private static func chance(ofAtMost hits: Int, of count: Int, _ share: Double) -> Double {
    guard share > 0 else { return 1 }
    guard share < 1 else { return hits == count ? 1 : 0 }
    let odds = log(share) - log1p(-share)
    var term = Double(count) * log1p(-share)
    var sum = exp(term)
    for hit in 1...hits {
      term += odds + log(Double(count - hit + 1) / Double(hit))
      sum += exp(term)
    }
    return sum
  }
}
