import Testing

@testable import Vault

/// The expected bounds are quantiles of the beta distribution, computed by SciPy.
@Suite struct ProportionTests {
  @Test(arguments: [
    (0, 1000, 0, 0.0068840), (1000, 1000, 0.9931160, 1), (0, 1, 0, 0.999),
  ])
  func ofNoneAndAllOneBoundIsSure(_ hits: Int, _ count: Int, _ low: Double, _ high: Double) {
    expect(Proportion(hits, of: count), low, high)
  }

  @Test(arguments: [
    (200, 1000, 0.160_266_1, 0.244_324_1), (1, 1000, 0.000_000_5, 0.009_953_8),
    (999, 1000, 0.990_046_2, 0.999_999_5), (3, 10, 0.016_566_6, 0.816_394_4),
    (500, 1000, 0.447_629_4, 0.552_370_6),
  ])
  func boundsAreThoseOfClopperAndPearson(
    _ hits: Int, _ count: Int, _ low: Double, _ high: Double
  ) {
    expect(Proportion(hits, of: count), low, high)
  }

  private func expect(_ proportion: Proportion, _ low: Double, _ high: Double) {
    let interval = proportion.interval(confidence: 0.999)
    #expect(abs(interval.lowerBound - low) < 1e-6, "\(interval)")
    #expect(abs(interval.upperBound - high) < 1e-6, "\(interval)")
  }

  @Test func sharesAreRoundedAwayFromWhatFlatters() {
    #expect(Amount.percent(atMost: 0.006_884) == "0.69 %")
    #expect(Amount.percent(atLeast: 0.006_884) == "0.68 %")
    #expect(Amount.percent(atMost: 0.000_000_1) == "0.01 %")
    #expect(Amount.percent(atMost: 1) == "100.00 %")
    #expect(Amount.size(atMost: 2049) == "3 KiB")
    #expect(Amount.size(atLeast: 2049) == "2 KiB")
    #expect(Amount.size(atLeast: 2047.5) == "2047 B")
    #expect(Amount.size(atMost: 0) == "0 B")
  }
}
