import Glibc

/// What a block of 4 KiB looks like to somebody who has no key.
///
/// Encrypted bytes are even: each of the 256 values occurs about 16 times in 4096 bytes. How far the
/// counts are from that is measured as Pearson's chi-square, with 255 degrees of freedom.
///
/// What it sees, measured on blocks as they lie in files (all of 300 to 2,500 blocks of each kind):
///
/// | contents | chi-square | seen in one block | seen in many |
/// | --- | --- | --- | --- |
/// | encrypted | 174 to 350, 255 on average | – | – |
/// | text, JSON, programs, tables of a filesystem | 20,000 and more | all | all |
/// | LZ4 of JSON (Lucene's stored fields) | 5,400 to 19,000 | all | all |
/// | vectors of floats, of bytes | 3,500 to 15,000 | all | all |
/// | deflate of JSON in chunks of 8 to 240 KiB (`best_compression`) | 200 to 600, 290 on average | 0 to 4 % | all |
/// | gzip, zstd of JSON | 190 to 640, 270 on average | under 1 % | all |
/// | xz of JSON | 200 to 340, 256 on average | none | none |
///
/// "In many" is what ``looksRandom(deviation:blocks:)`` says of 1000 such blocks together. A block of
/// encrypted bytes is told from one in which some 60 of them are replaced by one value.
package enum BlockAppearance: Equatable, Sendable {
  /// Every byte is 0x00, or every byte is 0xFF: never written or discarded. It says nothing.
  case empty
  /// As even as encrypted bytes are; with how far it is from perfectly even (``deviation(of:)``).
  case random(deviation: Int)
  /// Not encrypted: too uneven, or too even, as a counter is.
  case structured

  package static let bytes = 4096

  /// Deviations of 4096 encrypted bytes: a chi-square from 115 to 480.
  ///
  /// Fewer than 3 in 10^12 blocks of random bytes lie outside. The bound was computed, not looked up,
  /// for the chi-square distribution is not exact so far out: the distribution of the sum for 256
  /// independent Poisson counts of mean 16, by convolution, divided by the probability that they add
  /// up to 4096.
  static let random = 115 * expected...480 * expected

  /// How often each value is expected.
  private static let expected = bytes / 256

  package init(of block: UnsafeRawBufferPointer) {
    guard !Emptiness.isUniform(block) else {
      self = .empty
      return
    }
    let deviation = Self.deviation(of: block)
    self = Self.random.contains(deviation) ? .random(deviation: deviation) : .structured
  }

  /// Sixteen times the chi-square of 4096 bytes: the sum over the byte's values of (count - 16)².
  static func deviation(of block: UnsafeRawBufferPointer) -> Int {
    precondition(block.count == bytes)
    return withUnsafeTemporaryAllocation(of: UInt16.self, capacity: 4 * 256) { counts in
      counts.initialize(repeating: 0)
      var index = 0
      // Four tables, so that equal neighbours need not wait for each other.
      while index < bytes {
        counts[Int(block[index])] &+= 1
        counts[256 + Int(block[index + 1])] &+= 1
        counts[512 + Int(block[index + 2])] &+= 1
        counts[768 + Int(block[index + 3])] &+= 1
        index += 4
      }
      var sum = 0
      for value in 0..<256 {
        let count = counts[value] + counts[256 + value] + counts[512 + value] + counts[768 + value]
        let distance = Int(count) - expected
        sum += distance * distance
      }
      return sum
    }
  }

  /// Whether blocks that look random one by one look so together: compressed data is a little uneven
  /// everywhere, which no single block shows.
  ///
  /// The chi-squares of n encrypted blocks add up to 255 n on average, with the variance of a
  /// chi-square distribution with that many degrees of freedom (for n = 1 smaller by 1 in 4096). The sum is above
  /// k + 2√(kx) + 2x, k = 255 n, with a probability of at most exp(-x) (Laurent and Massart 2000,
  /// lemma 1); x = 27.6 makes that 10^-12. With 1000 blocks it is an average of 260.4.
  package static func looksRandom(deviation: Int, blocks: Int) -> Bool {
    let freedom = 255 * Double(blocks)
    let x = 27.6
    return Double(deviation) / Double(expected) <= freedom + 2 * (freedom * x).squareRoot() + 2 * x
  }
}
