/// How long it is still worth to look again after a refusal.
///
/// A bound for each reason, and one for all together. Both count from the first refusal on: a look that
/// takes long leaves a disk no less time to appear, and a copy that comes first is no reason not to wait
/// for the disk.
struct Patience {
  /// The bound for all reasons together.
  private let limit: Duration
  private var end: ContinuousClock.Instant?
  private var last: (words: String, since: ContinuousClock.Instant)?

  init(limit: Duration) {
    self.limit = limit
  }

  /// Whether to look again.
  ///
  /// - Parameters:
  ///   - look: when the refusal was seen, if that was long ago; the bound begins now all the same.
  ///   - waiting: is told what is waited for, and how long at most, once for each reason.
  mutating func bears(
    _ refusal: Refusal, seenAt look: ContinuousClock.Instant? = nil,
    saying waiting: (Refusal, Duration) -> Void
  ) -> Bool {
    let now = ContinuousClock.now
    let seen = look ?? now
    let end = end ?? now + limit
    let isNew = last?.words != refusal.description
    let since = isNew ? now : last?.since ?? now
    let patience = min(refusal.patience, limit)
    guard patience > .zero, seen - since < patience, seen < end else { return false }
    self.end = end
    last = (refusal.description, since)
    if isNew { waiting(refusal, min(patience, end - now)) }
    return true
  }
}
