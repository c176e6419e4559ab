import BlockDevices

extension Check {
  /// The proof by sample: blocks read at random all over the area where the header says that encrypted
  /// data is, or all over an image without a header.
  ///
  /// A block is in plaintext when its bytes are not even (``BlockAppearance``), or when it shows a
  /// trace of a filesystem (``FilesystemTrace``) or of Elasticsearch's files (``DataTrace``). Of
  /// encrypted images fewer than one in 10^8 fails by chance.
  static let imageSample = Check(
    "image-sample", .error, "No block read at random all over an image is in plaintext.",
    reason: "A header says what should be; only the blocks show whether the data is encrypted.",
    controls: [.protectionAtRest]
  ) { facts in
    facts.images.map { image in
      switch image.sampling {
      case .failed(let why):
        .unknown(
          image.subject, why,
          advice: "See that all of it can be read: cat \(image.path.shellWord) >/dev/null")
      case .taken(let sample): judge(sample, of: image)
      }
    }
  }

  private static func judge(_ sample: BlockSample, of image: ImageFacts) -> Observation {
    let evidence = evidence(of: sample)
    guard sample.plaintextCount == 0 else {
      return .fail(
        image.subject, "\(sample.summary) (\(sample.plaintextKinds))",
        advice: "See what stands there: dd if=\(image.path.shellWord) bs=512 count=8 "
          + "skip=\((sample.firstPlaintext ?? 0) / 512) | xxd",
        evidence: evidence)
    }
    guard sample.isRandomTogether else {
      return .fail(
        image.subject,
        "\(sample.summary); but together the random ones are too uneven: compressed, not encrypted",
        advice:
          "Keep it where nobody else gets at it, or wipe it, and encrypt what it was made of.",
        evidence: evidence)
    }
    guard sample.random > 0 else {
      return .pass(image.subject, "\(sample.summary): nothing was ever written", evidence: evidence)
    }
    let bound = Amount.percent(atMost: sample.plaintextShare.upperBound)
    return .pass(
      image.subject, sample.summary + (sample.isWhole ? "" : "; so less than \(bound) of it is"),
      evidence: evidence)
  }

  private static func evidence(of sample: BlockSample) -> [String] {
    let percent = Amount.percent(atLeast: BlockSample.confidence)
    var lines = ["bytes \(sample.area.lowerBound) to \(sample.area.upperBound)"]
    if !sample.isWhole {
      lines.append(
        "the shares hold with a confidence of \(percent), one block in each of \(sample.count) pieces"
      )
    }
    lines.append("what is well compressed, or encrypted with another key, looks random as well")
    return lines
  }
}
