import LUKS

extension Check {
  /// The header says how the next opening encrypts; `live-mapping` looks at how the kernel does it now.
  ///
  /// What it must say is the `policy` of the configuration: aes-xts-plain64 and 512 bits, which XTS
  /// splits in two (cryptsetup(8)), where nothing else is written. `cipher_null-…` is LUKS's own name for no
  /// encryption; a keyslot that has it opens with any key (CVE-2025-59054). A header that places the data elsewhere than esvault does was not written by it: an
  /// overlap with the keyslots destroys them.
  static let cipher = Check(
    "cipher", .error, "Each volume's header names the cipher and the key size of the policy.",
    reason:
      "A header may name a null cipher, or a weak one: everything then works, and nothing is protected.",
    controls: [.protectionAtRest]
  ) { facts in
    facts.madeVolumes.map { volume in
      volume.judgeHeader { header, disk in
        let policy = volume.spec.policy
        let evidence = [
          "cipher \(header.cipher), \(header.keyBits) bits",
          "policy \(policy.cipher), \(policy.keyBits) bits",
          "sectors of \(header.sectorSize) bytes, data from byte \(header.dataOffset)",
        ]
        let advice =
          "Do not enter its key. Compare with a header backup: cryptsetup luksDump \(disk.path.shellWord)"
        guard !CipherName(header.cipher).isNull else {
          return .fail(
            volume.name, "the header on '\(disk.path)' names the null cipher: nothing is encrypted",
            advice: advice, evidence: evidence)
        }
        guard header.cipher == policy.cipher, header.keyBits == policy.keyBits else {
          return .fail(
            volume.name,
            "the header on '\(disk.path)' says \(header.cipher) with \(header.keyBits) bits, not \(policy.cipher) with \(policy.keyBits)",
            advice: advice, evidence: evidence)
        }
        if let keyslot = header.keyslots.first(where: \.isInTheClear) {
          return .fail(
            volume.name,
            "keyslot \(keyslot.id) on '\(disk.path)' is not encrypted: any key opens it",
            advice: advice, evidence: evidence)
        }
        guard header.dataOffset == VolumeLimits.dataOffset else {
          return .fail(
            volume.name,
            "the header on '\(disk.path)' places the data at byte \(header.dataOffset), not \(VolumeLimits.dataOffset)",
            advice: advice, evidence: evidence)
        }
        return .pass(
          volume.name, "\(header.cipher) with \(header.keyBits) bits", evidence: evidence)
      }
    }
  }
}
