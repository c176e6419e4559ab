import BlockDevices

extension Check {
  /// The proof by sample: blocks read at random all over the area where the header says that encrypted
  /// data is, or all over an image without a header; and where nothing should be (``ImageFacts/Gap``).
  ///
  /// A block is in plaintext when its bytes are not even (``BlockAppearance``), or when it shows a
  /// trace of a filesystem (``FilesystemTrace``) or of Elasticsearch's files (``DataTrace``). Of
  /// encrypted images fewer than one in 10^8 fails by chance: 3 in 10^12 for each of the 1000 blocks.
  static let imageSample = Check(
    "image-sample", .error, "No block read at random all over an image is in plaintext.",
    reason: "A header says what should be; only the blocks show whether the data is encrypted.",
    controls: [.protectionAtRest]
  ) { facts in
    facts.images.map { image in
      switch image.sampling {
      case .failed(let why): .unknown(image.subject, why, advice: image.seeingAdvice)
      case .partial(let sample, let why):
        if sample.plaintextCount > 0 {
          plaintext(sample, of: image)
        } else {
          .unknown(
            image.subject, "\(why); the \(sample.count) blocks that were read are not in plaintext",
            advice: image.seeingAdvice, evidence: evidence(of: sample))
        }
      case .taken(let sample): judge(sample, of: image)
      }
    }
  }

  private static func plaintext(_ sample: BlockSample, of image: ImageFacts) -> Observation {
    .fail(
      image.subject, "\(sample.summary(of: image.subject)) (\(sample.plaintextKinds))",
      advice: "See what stands there: dd if=\(image.path.shellWord) bs=512 count=8 "
        + "skip=\((sample.firstPlaintext ?? 0) / 512) | xxd",
      evidence: evidence(of: sample))
  }

  private static func judge(_ sample: BlockSample, of image: ImageFacts) -> Observation {
    guard sample.plaintextCount == 0 else { return plaintext(sample, of: image) }
    let evidence = evidence(of: sample)
    let summary = sample.summary(of: image.subject)
    guard sample.isRandomTogether else {
      return .fail(
        image.subject,
        "\(summary); but together the random ones are too uneven: compressed, not encrypted",
        advice:
          "Keep it where nobody else gets at it, or wipe it, and encrypt what it was made of.",
        evidence: evidence)
    }
    let percent = Amount.percent(atMost: sample.plaintextShare.upperBound)
    let bound = sample.isWhole ? "" : "; so less than \(percent) of it is"
    guard sample.random == 0 else {
      return .pass(image.subject, summary + bound, evidence: evidence)
    }
    // Only a header, or a place where nothing should be, makes nothing the right thing to find.
    if case .other = image.kind {
      return .unknown(
        image.subject, "\(summary): without a header and without data it proves nothing",
        advice: image.seeingAdvice, evidence: evidence)
    }
    return .pass(
      image.subject,
      summary + bound
        + (sample.isWhole ? ": nothing was ever written" : ", and no block read was ever written"),
      evidence: evidence)
  }

  private static func evidence(of sample: BlockSample) -> [String] {
    let percent = Amount.percent(atLeast: BlockSample.confidence)
    var lines = sample.areas.map { "bytes \($0.lowerBound) to \($0.upperBound)" }
    if !sample.isWhole {
      lines.append(
        "the shares hold with a confidence of \(percent), one block in each of \(sample.count) pieces"
      )
    }
    lines.append("what is well compressed, or encrypted with another key, looks random as well")
    return lines
  }
}
