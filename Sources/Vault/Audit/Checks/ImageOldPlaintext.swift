extension Check {
  /// A disk that held plaintext before it became a LUKS container keeps it in every block that was not
  /// written since: formatting writes the header only.
  ///
  /// The share is an estimate with an interval of Clopper and Pearson (``Proportion``). An image
  /// without a header has no data area, and is left to `image-encrypted`.
  static let imageOldPlaintext = Check(
    "image-old-plaintext", .warning,
    "Behind each LUKS header no plaintext is left from before it was made.",
    reason: "What was on the disk before is readable without a key until it is overwritten.",
    controls: [.protectionAtRest]
  ) { facts in
    facts.images.filter { $0.header != nil }.map { image in
      guard let sample = image.sample else {
        return .unknown(
          image.subject, "the data area of '\(image.subject)' was not read",
          advice: "See why: esvault audit --check image-sample --image \(image.path.shellWord)")
      }
      guard sample.plaintextCount > 0 else {
        let bound = Amount.percent(atMost: sample.plaintextShare.upperBound)
        return .pass(
          image.subject,
          "found no plaintext in the data area"
            + (sample.isWhole ? "" : "; less than \(bound) of it is"))
      }
      return .fail(
        image.subject, "\(amount(sample)) of the data area is plaintext: \(sample.plaintextKinds)",
        advice:
          "Fill the volume once where it is open, which overwrites what is old, or move its data "
          + "to a disk that was wiped: esvault provision DEVICE --wipe DEVICE --overwrite",
        evidence: ["the first of it at byte \(sample.firstPlaintext ?? 0)", sample.summary])
    }
  }

  /// "16.13 % to 24.66 % (10 GiB to 15 GiB)".
  private static func amount(_ sample: BlockSample) -> String {
    let (share, bytes) = (sample.plaintextShare, Double(sample.area.count))
    let (low, high) = (share.lowerBound, share.upperBound)
    let percent = Amount.percent(atLeast: low) + " to " + Amount.percent(atMost: high)
    return
      "\(percent) (\(Amount.size(atLeast: low * bytes)) to \(Amount.size(atMost: high * bytes)))"
  }
}
