extension Check {
  /// A disk that held plaintext before it became a LUKS container keeps it in every block that was not
  /// written since: formatting writes the header only, and partitioning the table only.
  ///
  /// The share is an estimate with an interval of Clopper and Pearson (``Proportion``). An image
  /// without a header has no data area, and nobody knows what of it is old.
  static let imageOldPlaintext = Check(
    "image-old-plaintext", .warning,
    "Behind each LUKS header, and outside of partitions, no plaintext is left from before.",
    reason: "What was on the disk before is readable without a key until it is overwritten.",
    controls: [.protectionAtRest]
  ) { facts in
    facts.images.map { image in
      switch (image.kind, image.sampling) {
      case (.unreadable(let why), _):
        .unknown(image.subject, why, advice: image.seeingAdvice)
      case (.other, _):
        .unknown(
          image.subject,
          "'\(image.subject)' shows no LUKS header: nothing says what on it is old",
          advice: "See what it is: esvault audit --check image-encrypted --image "
            + image.path.shellWord)
      case (_, .failed):
        .unknown(
          image.subject, "\(area(image)) was not read",
          advice: "See why: esvault audit --check image-sample --image \(image.path.shellWord)")
      case (_, .partial(let sample, let why)):
        sample.plaintextCount > 0
          ? plaintext(sample, "\(sample.plaintextCount) of \(sample.count) blocks read", of: image)
          : .unknown(
            image.subject, why, advice: image.seeingAdvice,
            evidence: ["the \(sample.count) blocks that were read are not in plaintext"])
      case (_, .taken(let sample)):
        judge(sample, of: image)
      }
    }
  }

  private static func judge(_ sample: BlockSample, of image: ImageFacts) -> Observation {
    guard sample.plaintextCount == 0 else {
      return plaintext(sample, amount(sample), of: image)
    }
    let bound = Amount.percent(atMost: sample.plaintextShare.upperBound)
    return .pass(
      image.subject,
      "found no plaintext in \(area(image))"
        + (sample.isWhole ? "" : "; less than \(bound) of it is"))
  }

  private static func plaintext(
    _ sample: BlockSample, _ amount: String, of image: ImageFacts
  ) -> Observation {
    let disk =
      "move its data to a disk that was wiped: "
      + "esvault provision DEVICE --wipe DEVICE --overwrite"
    // A gap is not overwritten, however full the volume is.
    let isGap = if case .gap = image.kind { true } else { false }
    return .fail(
      image.subject, "\(amount) of \(area(image)) is plaintext: \(sample.plaintextKinds)",
      advice: isGap
        ? "Overwrite it, or \(disk)"
        : "Fill the volume once where it is open, which overwrites what is old, or \(disk)",
      evidence: [
        "the first of it at byte \(sample.firstPlaintext ?? 0)",
        sample.summary(of: image.subject),
      ])
  }

  private static func area(_ image: ImageFacts) -> String {
    if case .gap = image.kind {
      "'\(image.subject)'"
    } else {
      "the data area of '\(image.subject)'"
    }
  }

  /// "16.13 % to 24.66 % (10 GiB to 15 GiB)".
  private static func amount(_ sample: BlockSample) -> String {
    let (share, bytes) = (sample.plaintextShare, Double(sample.bytes))
    let (low, high) = (share.lowerBound, share.upperBound)
    let percent = Amount.percent(atLeast: low) + " to " + Amount.percent(atMost: high)
    return
      "\(percent) (\(Amount.size(atLeast: low * bytes)) to \(Amount.size(atMost: high * bytes)))"
  }
}
