import BlockDevices
import LUKS

extension Check {
  /// Judges by the header; what is behind it ``imageSample`` shows. A header that says less than all,
  /// because the data lies elsewhere or reencryption is not finished, is no pass.
  ///
  /// A cipher that is not known (``CipherName``) is no pass either. Nor does the size of the key go without
  /// saying: a header without a keyslot tells none.
  static let imageEncrypted = Check(
    "image-encrypted", .error, "Each image is a LUKS container with a real cipher.",
    reason: "Whoever attaches an image that is not encrypted reads what is on it.",
    controls: [.protectionAtRest]
  ) { facts in
    facts.images.compactMap { image in
      switch image.kind {
      case .luks(let header): judge(header, of: image)
      case .other(let contents): judge(contents, of: image)
      // Nothing need be encrypted where nothing should be: the sample judges it.
      case .gap: nil
      case .unreadable(let why):
        .unknown(
          image.subject, why, advice: image.seeingAdvice)
      }
    }
  }

  private static func judge(_ header: Header, of image: ImageFacts) -> Observation {
    let (name, evidence) = (image.subject, evidence(of: header))
    if CipherName(header.cipher).isNull {
      return .fail(
        name,
        "'\(name)' has a LUKS\(header.version) header with \(header.cipher), which encrypts nothing",
        advice: "Treat it like a plain disk: keep it where nobody else gets at it, or wipe it.",
        evidence: evidence)
    }
    if let keyslot = header.keyslots.first(where: \.isInTheClear) {
      return .fail(
        name, "keyslot \(keyslot.id) of '\(name)' is not encrypted: any key opens it",
        advice: "Treat it like a plain disk, and find out who has changed its header.",
        evidence: evidence)
    }
    guard CipherName(header.cipher).isKnown, header.keyBits > 0 else {
      return .unknown(
        name,
        "'\(name)' has a LUKS\(header.version) header with \(header.cipher) and a "
          + "\(header.keyBits)-bit key, which is not known to encrypt",
        advice: "See what it is: cryptsetup luksDump \(image.path.shellWord)", evidence: evidence)
    }
    if let requirement = header.requirements.first {
      guard requirement != "unknown" else {
        return .unknown(
          name, "the header of '\(name)' needs something that this program does not know",
          advice: "Look with a newer cryptsetup: cryptsetup luksDump \(image.path.shellWord)",
          evidence: evidence)
      }
      return .fail(
        name, "the reencryption of '\(name)' is not finished: part of it may be plaintext",
        advice: "Finish it where the disk is attached, then make the snapshot again: "
          + "cryptsetup reencrypt --resume-only DEVICE",
        evidence: evidence)
    }
    guard header.dataOffset > 0, header.dataOffset < image.bytes else {
      return .unknown(
        name,
        "'\(name)' is a LUKS\(header.version) header without data: detached, a backup, or cut off",
        advice: "Audit the disk that the data is on.", evidence: evidence)
    }
    // LUKS1 has no segments: it always encrypts all of it.
    guard header.version == 1 || Segment.all(in: header.metadata).map(\.isWholeDisk) == [true]
    else {
      return .unknown(
        name, "the header of '\(name)' does not say that all of it is encrypted",
        advice: "See which parts are: cryptsetup luksDump \(image.path.shellWord)",
        evidence: evidence)
    }
    return .pass(
      name,
      "'\(name)' is a LUKS\(header.version) container: \(header.cipher), \(header.keyBits)-bit key",
      evidence: evidence)
  }

  private static func judge(_ contents: Contents, of image: ImageFacts) -> Observation {
    let name = image.subject
    let protect = "Encrypt what it was made of (esvault provision), and delete or wipe this image."
    if case .holds(let signature) = contents,
      [.filesystem, .other].contains(signature.usage)
    {
      return .fail(
        name, "'\(name)' holds \(signature): whoever attaches it can read it", advice: protect)
    }
    if let sample = image.sample, sample.plaintextCount > 0 {
      return .fail(
        name, "'\(name)' has no LUKS header, and holds plaintext: \(sample.plaintextKinds)",
        advice: protect, evidence: [contents.description])
    }
    return switch contents {
    case .blank:
      .unknown(
        name, "'\(name)' is blank: it shows nothing, and proves nothing",
        advice: "See that it is the image that you mean: ls -l \(image.path.shellWord)")
    case .holds(let signature):
      .unknown(
        name, "'\(name)' holds \(signature), and what is inside was not looked at",
        advice: "Attach it, and audit the devices that appear: esvault audit --image DEVICE")
    case .unknown(let why):
      .unknown(
        name, "'\(name)' has no LUKS header: \(why)",
        advice: "If its header is kept elsewhere, audit the disk together with it on its machine: "
          + "esvault audit")
    }
  }

  /// The parameters, a line each.
  private static func evidence(of header: Header) -> [String] {
    var lines = [
      "LUKS\(header.version), UUID \(header.uuid), label '\(header.label)'",
      "\(header.cipher), \(header.keyBits)-bit key, sectors of \(header.sectorSize) bytes, "
        + "data from byte \(header.dataOffset)",
    ]
    lines += header.keyslots.map { slot in
      let cost = slot.memoryKiB.map { "\(slot.iterations) passes over \($0) KiB" }
      return "keyslot \(slot.id): \(slot.kdf.isEmpty ? "no key" : slot.kdf), "
        + (cost ?? "\(slot.iterations) iterations")
    }
    lines += header.tokens.map { "token \($0.id): \($0.type)" }
    if header.damagedCopies > 0 { lines.append("one of the two copies of the header is damaged") }
    return lines
  }
}
