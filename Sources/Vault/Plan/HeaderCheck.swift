import LUKS

extension Header {
  /// Compares a header with what esvault writes, before it is opened.
  ///
  /// - Throws: ``Refusal`` for a null or other cipher, a smaller key, another offset, a keyslot in the
  ///   clear, or an unfinished reencryption.
  func check(against policy: Policy, of name: String, on path: String) throws(Refusal) {
    let advice = "Do not enter its key. Compare with a header backup: cryptsetup luksDump \(path)"
    guard cipher == policy.cipher, keyBits == policy.keyBits else {
      throw Refusal(
        "the header of volume '\(name)' on '\(path)' says \(cipher) with \(keyBits) bits, not \(policy.cipher) with \(policy.keyBits)",
        advice: advice)
    }
    guard dataOffset == VolumeLimits.dataOffset else {
      throw Refusal(
        "the header of volume '\(name)' on '\(path)' places the data at byte \(dataOffset), not \(VolumeLimits.dataOffset)",
        advice: advice)
    }
    if let keyslot = keyslots.first(where: \.isInTheClear) {
      throw Refusal(
        "keyslot \(keyslot.id) of volume '\(name)' on '\(path)' is not encrypted: any key opens it, and whoever made it can read what is written",
        advice: advice)
    }
    guard requirements.isEmpty else {
      throw Refusal(
        "volume '\(name)' on '\(path)' has an unfinished change: \(requirements.joined(separator: ", "))",
        advice: "Let the tool that began it finish: cryptsetup reencrypt --resume-only \(path)")
    }
  }
}
